"""What people press, fill in and are told by: buttons, chips, segments, details, strips, fields, empty states.

Every function is pure: texts in, HTML out. Which text stands where is the business of the page.
"""

from collections.abc import Sequence
from typing import Literal

from functions.pages.icons import icon
from functions.pages.markup import Child, Markup, tag
from shared.opmm.dataclass import dataclass
from shared.texts.words import signed

Weight = Literal["filled", "outlined", "small"]
"""Of a button: one filled one on a page, at most."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the things that a row of segments, a list of orders or of chips offers."""

    text: str
    href: str
    chosen: bool = False
    count: int | None = None


def link_button(text: str, href: str, *, weight: Weight = "outlined", icon_name: str | None = None) -> Markup:
    """A link that looks like a button: it leads somewhere, and changes nothing."""
    return tag.a(icon(icon_name) if icon_name else None, tag.span(text), href=href, class_=f"button {weight}")


def button(
    text: str,
    *,
    weight: Weight = "outlined",
    name: str | None = None,
    value: str | None = None,
    icon_name: str | None = None,
) -> Markup:
    """Sends the form that it stands in, with its name and value."""
    return tag.button(
        icon(icon_name) if icon_name else None, tag.span(text), name=name, value=value, class_=f"button {weight}"
    )


def chip(choice: Choice) -> Markup:
    """A filter that can be set, with how many it would leave."""
    return tag.a(choice.text, _count(choice.count), href=choice.href, class_="chip")


def set_chip(text: str, href: str, removes: str) -> Markup:
    """A filter that is set. The whole chip takes it away; `removes` says so to those who hear the page."""
    return tag.a(text, icon("close"), tag.span(removes, class_="heard"), href=href, class_="chip set")


def segments(choices: Sequence[Choice], label: str) -> Markup:
    """Links of which one is where the reader is."""
    return tag.nav(
        (
            tag.a(choice.text, _count(choice.count), href=choice.href, aria_current="true" if choice.chosen else None)
            for choice in choices
        ),
        class_="segments",
        aria_label=label,
    )


def disclosure(summary: Child, *content: Child, open_: bool = False, class_: str = "more") -> Markup:
    """What is there behind a click, without a script."""
    return tag.details(tag.summary(icon("chevron"), summary), *content, open=open_, class_=class_)


def answer_row(heading: Child, opens: str, closes: str, form: Child, *, open_: bool = False) -> Markup:
    """A row with a form behind its button: the button says `opens`, and `closes` while the form is there.

    The form fills the row below. `open_` renders it open, so that a fault comes back in place.
    """
    said = tag.span(tag.span(opens, class_="opens"), tag.span(closes, class_="closes"), class_="button small")
    return tag.details(tag.summary(heading, said), tag.div(form, class_="sunk"), open=open_, class_="answer")


def saved_strip(text: Child) -> Markup:
    """What has just been done, said to those who hear the page, too."""
    return tag.div(icon("check"), tag.p(text), class_="strip saved", role="status")


def fault_strip(text: Child, places: Sequence[tuple[str, str]] = ()) -> Markup:
    """What has to be mended, with a link to each field: its text and its id."""
    links = [(" ", tag.a(name, href=f"#{field}")) for name, field in places]
    return tag.div(icon("alert"), tag.p(text, links), class_="strip fault", role="alert")


def note_strip(text: Child, *beside: Child) -> Markup:
    """Something to know about the whole page, with what can be done about it."""
    return tag.div(icon("clock"), tag.p(text, *beside), class_="strip")


def empty_state(is_: str, todo: str | None = None, act: Child = None) -> Markup:
    """Where nothing is yet: what it is, what to do, and one small button for it."""
    return tag.div(tag.p(is_, f" {todo}" if todo else None), act, class_="empty")


def field(
    label: str,
    control: Markup,
    *,
    id_: str,
    hint: str | None = None,
    fault: str | None = None,
) -> Markup:
    """A labelled field. Its control carries the id, and `described_by` where there is a fault."""
    return tag.div(
        tag.label(label, tag.span(f" {hint}", class_="hint") if hint else None, for_=id_),
        control,
        tag.p(icon("alert"), fault, class_="fault", id=described_by(id_)) if fault else None,
        class_="field wrong" if fault else "field",
    )


def described_by(id_: str) -> str:
    """The id of the fault that stands below a field."""
    return f"{id_}-fault"


def direction(difference: int) -> str:
    """Which way something moved, as the stylesheet calls it."""
    return "up" if difference > 0 else "down" if difference < 0 else "still"


def badge(difference: int) -> Markup:
    """By how many points something moved, or would."""
    return tag.span(signed(difference), class_=f"badge {direction(difference)}")


def flag(text: str) -> Markup:
    """A word of warning."""
    return tag.span(text, class_="flag")


def initials(name: str) -> str:
    """The first letters of the first and the last part of a name."""
    parts = [part for part in name.split() if part[:1].isalnum()]
    ends = [*parts[:1], *parts[1:][-1:]]
    return "".join(part[0] for part in ends).upper()


def person(name: str) -> Markup:
    """Somebody by their initials; the name is there for those who hear the page or point at it."""
    return tag.span(
        tag.span(initials(name), aria_hidden="true"), tag.span(name, class_="heard"), class_="person", title=name
    )


def _count(count: int | None) -> Child:
    return None if count is None else (" ", tag.span(count, class_="count"))

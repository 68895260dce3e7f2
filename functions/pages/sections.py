"""How a page is divided: its title, the facts in a row below that, the index at its side, the sections and lists."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from functions.pages.icons import icon
from functions.pages.markup import Child, Markup, tag
from shared.opmm.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page with an address on it; `count` stands beside its name in the index."""

    id: str
    title: str
    content: Child
    note: Child = None
    count: str | None = None
    warn: bool = False
    """Whether the count is one to worry about."""
    beside: Child = None
    """What can be done with the section as a whole, at the right of its heading."""
    card: bool = False
    """Whether it is where people work (a white card) rather than where they read."""
    bare: bool = False
    """Whether it stands without a rule and a frame: its lists are cards themselves."""
    screen: bool = False
    """Whether it is left out in print."""
    short: str | None = None
    """Its name in the index, where the title is too long for that."""


@dataclass(frozen=True, slots=True)
class Prop:
    """One of the facts in the row below the title."""

    label: str
    value: Child
    hint: Child = None


def title_row(title: str, lead: Child = None, *, above: Child = None, acts: Child = None) -> Markup:
    """The one heading of the page, what is to be known of it at once, the way back above it and what can be done.

    Of the `acts` one at most is a filled button.
    """
    return tag.header(
        tag.div(above, class_="above") if above else None,
        tag.div(
            tag.div(tag.h1(title), tag.p(lead, class_="lead") if lead else None),
            tag.div(acts, class_="acts") if acts else None,
            class_="row",
        ),
        class_="title",
    )


def crumb(text: str, href: str) -> Markup:
    """The way back."""
    return tag.a(icon("arrow-left"), tag.span(text), href=href, class_="crumb")


def props_row(first: Child, props: Iterable[Prop]) -> Markup:
    """The total at the left, and facts beside it."""
    cells = [
        tag.div(
            tag.dt(prop.label),
            tag.dd(tag.strong(prop.value), tag.p(prop.hint, class_="hint") if prop.hint else None),
        )
        for prop in props
    ]
    return tag.div(tag.div(first, class_="prop total"), tag.dl(cells) if cells else None, class_="props")


Part: TypeAlias = Section | tuple[Section, ...]
"""Of a page: a section, or some that stand beside each other where there is room."""


def with_index(parts: Sequence[Part], label: str, further: Sequence[tuple[str, str]] = ()) -> Markup:
    """Sections with an index at their side: a strip above them where there is little room.

    `further` are other places, by text and address.
    """
    sections = [section for part in parts for section in _together(part)]
    entries = [
        tag.li(
            tag.a(
                tag.span(section.short or section.title),
                tag.span(section.count, class_="count warn" if section.warn else "count") if section.count else None,
                href=f"#{section.id}",
            )
        )
        for section in sections
    ]
    others = [tag.li(tag.a(text, href=href)) for text, href in further]
    return tag.div(
        tag.nav(
            tag.ul(entries), tag.ul(others, class_="further") if others else None, class_="index", aria_label=label
        ),
        tag.div((_drawn(part) for part in parts), class_="sections"),
        class_="indexed",
    )


def _together(part: Part) -> tuple[Section, ...]:
    return part if isinstance(part, tuple) else (part,)


def _drawn(part: Part) -> Markup:
    drawn = [section_of(section) for section in _together(part)]
    return tag.div(drawn, class_="pair") if isinstance(part, tuple) else drawn[0]


def section_of(section: Section) -> Markup:
    """A section under its ruled heading; a card carries its own frame instead of the rule."""
    kind = "working" if section.card or section.bare else "reading"
    return tag.section(
        tag.div(
            tag.h2(section.title),
            tag.p(section.note, class_="hint") if section.note else None,
            tag.div(section.beside, class_="beside") if section.beside else None,
            class_="heading",
        ),
        tag.div(section.content, class_="card") if section.card else section.content,
        id=section.id,
        class_=f"{kind} screen" if section.screen else kind,
        aria_label=section.title,
    )

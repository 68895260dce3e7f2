"""The form that makes a feed: whose clients, for what, in which language, for how long."""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import get_args

from functions.pages.controls import button, described_by
from functions.pages.controls import field as labelled
from functions.pages.layout import LANGUAGE_NAMES, PageContext
from functions.pages.markup import Child, Markup, tag
from shared.opmm.dataclass import dataclass
from shared.opmm.model import LANGUAGES
from shared.opmm.persons import person_key
from shared.storage.issued import MOST_DAYS, FeedFile, is_id, new_id
from shared.texts.words import Words

_DAYS = 365


@dataclass(frozen=True, slots=True)
class Asked:
    """What was filled in, as it was typed, with the fault of each field that has one."""

    owner: str = ""
    """Empty for all clients."""
    file: str = "ics"
    language: str = "en"
    days: str = str(_DAYS)
    form: str = field(default_factory=new_id)
    """Made when the form is drawn: sent twice, it makes one feed."""
    faults: Mapping[str, str] = field(default_factory=dict)

    def anew(self, faults: Mapping[str, str]) -> "Asked":
        """The same in a new form, with these faults."""
        return replace(self, form=new_id(), faults=faults)


def checked(asked: Asked, owners: Sequence[str], words: Words) -> Asked:
    """The same with its faults; an owner is written as their clients have it."""
    wanted = person_key(asked.owner)
    owner = next((known for known in owners if person_key(known) == wanted), "")
    days = asked.days
    wrong = {
        "owner": bool(wanted) and not owner,
        "file": asked.file not in get_args(FeedFile),
        "language": asked.language not in LANGUAGES,
        "days": not (
            days.isascii() and days.isdigit() and len(days) <= len(str(MOST_DAYS)) and 1 <= int(days) <= MOST_DAYS
        ),
    }
    faults = {name: words(f"feeds_{name}_fault", most=MOST_DAYS) for name, is_wrong in wrong.items() if is_wrong}
    if not is_id(asked.form):
        return asked.anew(faults or {"owner": words("feeds_stale")})
    return replace(asked, owner=owner or asked.owner, faults=faults)


def feed_form(asked: Asked, owners: Sequence[str], context: PageContext) -> Child:
    """The fields, with what was chosen; all of them may stay as they are."""
    words, person = context.words, person_key(context.person)
    whose = [
        (owner, words("feeds_mine", name=owner) if person_key(owner) == person else owner)
        for owner in sorted(owners, key=lambda owner: person_key(owner) != person)
    ]
    return tag.form(
        tag.input(type="hidden", name="form", value=asked.form),
        _choice("owner", asked.owner, [*whose, ("", words("feeds_all"))], asked, words),
        _choice("file", asked.file, [(file, words(f"feeds_{file}")) for file in get_args(FeedFile)], asked, words),
        _choice("language", asked.language, [(each, LANGUAGE_NAMES[each]) for each in LANGUAGES], asked, words),
        _days(asked, words),
        button(words("feeds_make"), weight="filled"),
        tag.p(words("feeds_note"), class_="hint"),
        method="post",
        action=context.link("/feeds"),
        class_="link-form",
    )


def _choice(name: str, chosen: str, offered: Sequence[tuple[str, str]], asked: Asked, words: Words) -> Markup:
    id_ = f"feed-{name}"
    control = tag.select(
        [tag.option(text, value=value, selected=value == chosen) for value, text in offered],
        id=id_,
        name=name,
        **_marks(name, asked),
    )
    return labelled(words(f"feeds_{name}"), control, id_=id_, fault=asked.faults.get(name))


def _days(asked: Asked, words: Words) -> Markup:
    control = tag.input(
        id="feed-days",
        name="days",
        value=asked.days,
        required=True,
        inputmode="numeric",
        maxlength=len(str(MOST_DAYS)),
        **_marks("days", asked),
    )
    return labelled(
        words("feeds_days"),
        control,
        id_="feed-days",
        hint=words("feeds_days_hint", most=MOST_DAYS),
        fault=asked.faults.get("days"),
    )


def _marks(name: str, asked: Asked) -> dict[str, str]:
    return {"aria_invalid": "true", "aria_describedby": described_by(f"feed-{name}")} if name in asked.faults else {}

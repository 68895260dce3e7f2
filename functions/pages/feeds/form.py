"""The form that makes a feed: whose clients, for what, in which language, for how long."""

from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

from functions.pages.issuing import Asked, Issuing
from functions.pages.layout import LANGUAGE_NAMES, PageContext
from functions.pages.markup import Child
from shared.opmm.model import LANGUAGES
from shared.opmm.persons import person_key
from shared.storage.issued import FEED_DAYS, FeedFile
from shared.texts.words import Words

FIELDS = ("owner", "file", "language", "days")


def issuing_of(words: Words) -> Issuing:
    """What feeds share with whatever else is made for others to hold."""
    return Issuing("feed", "owner", words)


def first_asked(owner: str, language: str) -> Asked:
    """A new form: a calendar of somebody's clients, or of all of them where the owner is empty."""
    return Asked({"owner": owner, "file": "ics", "language": language, "days": str(FEED_DAYS)})


def checked(asked: Asked, owners: Mapping[str, str], words: Words) -> Asked:
    """The same with its faults; an owner is written as their clients have it."""
    key = person_key(asked["owner"])
    owner = owners.get(key, "")
    issuing = issuing_of(words)
    wrong = {
        "owner": bool(key) and not owner,
        "file": asked["file"] not in get_args(FeedFile),
        "language": asked["language"] not in LANGUAGES,
    }
    faults = {name: words(f"feeds_{name}_fault") if is_wrong else None for name, is_wrong in wrong.items()}
    known = replace(asked, fields={**asked.fields, "owner": owner or asked["owner"]})
    return issuing.checked(known, {**faults, "days": issuing.days_fault(asked["days"])})


def feed_form(asked: Asked, owners: Mapping[str, str], context: PageContext) -> Child:
    """The fields, with what was chosen; all of them may stay as they are."""
    words, person = context.words, person_key(context.person)
    issuing = issuing_of(words)
    whose = [
        (owner, words("feeds_mine", name=owner) if key == person else owner)
        for key, owner in sorted(owners.items(), key=lambda known: known[0] != person)
    ]
    return issuing.form(
        asked,
        context.link("/feeds"),
        issuing.choice("owner", [*whose, ("", words("feeds_all"))], asked),
        issuing.choice("file", [(file, words(f"feeds_{file}")) for file in get_args(FeedFile)], asked),
        issuing.choice("language", [(each, LANGUAGE_NAMES[each]) for each in LANGUAGES], asked),
    )

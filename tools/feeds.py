"""Feeds of a stack: addresses that calendar programs and spreadsheets read. `links` lists them, `revoke` ends them."""

import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated, cast, get_args

import typer

from shared.opmm.model import LANGUAGES
from shared.opmm.persons import person_key
from shared.storage.issued import FEED_DAYS, LAST_DAYS, Feed, FeedFile, feed_at, grant_of_feed
from tools.access import Name, operator, tell
from tools.errors import ToolError
from tools.options import Days, Profile, Region, StackName, filled
from tools.owners import in_a_sentence, owners
from tools.target import Target


def _one_of(offered: Iterable[str]) -> Callable[[str], str]:
    known = tuple(offered)

    def chosen(text: str) -> str:
        if text not in known:
            raise typer.BadParameter(f"it is {' or '.join(known)}")
        return text

    return chosen


def feed(
    *,
    owner: Annotated[
        str | None,
        typer.Option("--owner", parser=filled, metavar="NAME", help="Whose clients it tells of, by the owner's name."),
    ] = None,
    all_clients: Annotated[bool, typer.Option("--all", help="It tells of every client.")] = False,
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            parser=_one_of(get_args(FeedFile)),
            metavar="ics|csv",
            help="A calendar, or the portfolio as a table.",
        ),
    ] = "ics",
    language: Annotated[
        str, typer.Option("--language", parser=_one_of(LANGUAGES), metavar="nl|en", help="In which it is written.")
    ] = LANGUAGES[0],
    name: Name = None,
    days: Days = FEED_DAYS,
    stack: StackName = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Print an address that a calendar or a spreadsheet reads by itself."""
    if bool(owner) == all_clients:
        raise ToolError(
            'A feed tells of an owner\'s clients or of all of them: OWNER="Sam Example" or ALL=1'
            + (", not both." if owner else ".")
        )
    target = Target.of(stack, region, profile)
    known = _known_owner(target, owner) if owner else None
    made = Feed(cast("FeedFile", format_), language, known)
    now = datetime.now(UTC)  # noqa: TID251 - a tool reads the clock where it makes a feed
    grant = grant_of_feed(made, subject=operator(), made_at=now, until=now + timedelta(days=days), name=name or known)
    issued, minted = target.register().issue(grant, target.keys())
    print(feed_at(target.pages_url, minted, made))
    tell(issued)
    if made.file == "ics":
        print(f"It says so itself in its last {LAST_DAYS} days.", file=sys.stderr)


def _known_owner(target: Target, text: str) -> str:
    """The owner of this name, as their clients have it. Raises ToolError when nobody of it has any."""
    known = owners(target.queries())
    found = known.get(person_key(text))
    if found is None:
        raise ToolError(
            f"In {target.name} no client has the owner {text.strip()!r}; owners are {in_a_sentence(known)}."
        )
    return found

"""Options that several commands take. None may be empty: `CLIENT=` must not come to mean every client."""

from pathlib import Path
from typing import Annotated

import typer

from shared.storage.issued import MOST_DAYS

EMPTY = "it is empty; give it a value, or leave it out"


def filled(text: str) -> str:
    """A text that says something."""
    if not text.strip():
        raise typer.BadParameter(EMPTY)
    return text


def filled_path(text: str) -> Path:
    """A file or folder; nothing would be the folder in which one stands."""
    return Path(filled(text))


def filled_words(text: str) -> str:
    """Names of which there is at least one; `words` tells them apart."""
    if not words(text):
        raise typer.BadParameter(EMPTY)
    return text


def words(text: str | None) -> list[str]:
    """Names that stand apart by commas or spaces."""
    return (text or "").replace(",", " ").split()


StackName = Annotated[
    str | None,
    typer.Option(
        "--stack", parser=filled, metavar="NAME", help="A stack in your AWS account; without it the local one."
    ),
]

Region = Annotated[
    str | None,
    typer.Option(
        "--region",
        parser=filled,
        metavar="REGION",
        help="With --stack: where it stands; else as AWS is configured here.",
    ),
]

Profile = Annotated[
    str | None,
    typer.Option(
        "--profile", parser=filled, metavar="PROFILE", help="With --stack: whose credentials; else those at hand."
    ),
]

Days = Annotated[
    int,
    typer.Option(
        "--days",
        min=1,
        max=MOST_DAYS,
        metavar="NUMBER",
        help=f"For how many days it opens anything, {MOST_DAYS} at most.",
    ),
]

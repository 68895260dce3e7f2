"""Tells of responses that would count twice, before they are sent: the stack knows them under another source."""

from collections.abc import Iterator, Sequence
from functools import partial
from time import sleep

from shared.sheets.twice import told_twice
from shared.storage.elsewhere import known_elsewhere
from shared.texts.words import Words
from tools.sources import SOURCES
from tools.target import Target
from tools.transfer.lines import Opened


def warnings(files: Sequence[Opened], source: str, target: Target, words: Words) -> Iterator[str]:
    """Why responses of a source would count twice, in a sentence each; not of rows that name their own source."""
    document = SOURCES.stored(target.secrets(), target.name)
    providers = {name: described.get("provider") for name, described in document.items() if isinstance(described, dict)}
    tools = {table.tool for file in files for table in file.tables if table.tool} | {source}
    alike = [name for name, provider in providers.items() if provider in tools and name != source]
    if alike and source not in providers:
        yield words("twice_configured", source=source, other=", ".join(alike))
    table = target.output("FactsTableName")
    known = partial(known_elsewhere, target.dynamodb(), table, configured=list(providers), pause=sleep)
    yield from told_twice((file.lines() for file in files), source, known, words)

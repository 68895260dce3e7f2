"""Tells of responses that would count twice, before they are sent: the stack knows them under another source."""

from collections.abc import Iterator, Sequence
from itertools import islice
from time import sleep

from shared.storage.elsewhere import MOST_IDS, known_elsewhere
from shared.texts.words import Words
from tools import sources
from tools.target import Target
from tools.transfer.lines import Opened


def warnings(files: Sequence[Opened], source: str, target: Target, words: Words) -> Iterator[str]:
    """Why responses of a source would count twice, in a sentence each; not of rows that name their own source."""
    document = sources.stored(target.secrets(), target.name)
    providers = {name: described.get("provider") for name, described in document.items() if isinstance(described, dict)}
    tools = {table.tool for file in files for table in file.tables if table.tool} | {source}
    alike = [name for name, provider in providers.items() if provider in tools and name != source]
    if alike and source not in providers:
        yield words("twice_configured", source=source, other=", ".join(alike))
    sample = [line.event for file in files for line in islice(file.lines(), MOST_IDS) if not line.faults]
    told = [event for event in sample if event["type"] == "nps.responded" and event["source"] == source]
    if told:
        known = known_elsewhere(
            target.dynamodb(),
            target.output("FactsTableName"),
            source=source,
            ids=[event["data"]["response_id"] for event in told],
            names=[event["subject"] for event in told],
            configured=list(providers),
            pause=sleep,
        )
        for other, count in known.most_common():
            yield words.counted("twice_known", count, looked=min(len(told), MOST_IDS), source=source, other=other)

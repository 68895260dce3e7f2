"""Stored facts as they are exported: a row of one of the CSV files, or else an event."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from shared.opmm.kinds import KINDS, FactKind, is_band
from shared.opmm.slugs import is_slug
from shared.sheets.kinds import FileKind, Item
from shared.sheets.revisions import version_of
from shared.sheets.rows import row_of
from shared.storage.dynamodb import from_item
from shared.storage.fact_items import FORMAT
from tools.transfer.rest import REST, events_of, has_events, identity_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export makes of a fact: a row or an event, and the file that it belongs to, without its ending."""

    file: str
    content: Mapping[str, Any]
    redated: int = 0
    """Answers in it that are of another day than it says."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A fact that cannot be exported, and what there is about it that cannot."""

    reason: str


def facts(client: "DynamoDBClient", table: str, names: Sequence[str]) -> Iterator[Item]:
    """Every item that is stored under these names, or every item when there are none; read page by page.

    The items of one name come together.
    """
    if not names:
        for page in client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
            yield from map(from_item, page["Items"])
    for name in names:
        pages = client.get_paginator("query").paginate(
            TableName=table,
            ConsistentRead=True,
            KeyConditionExpression="client_id = :name",
            ExpressionAttributeValues={":name": {"S": name}},
        )
        for page in pages:
            yield from map(from_item, page["Items"])


def exported(items: Iterable[Item], files: Iterable[FileKind]) -> Iterator[Exported | LeftOut]:
    """What an export makes of items, those of one name after another.

    Nothing becomes of what is derived from others: items under no client's name, and those which say that a fact counts
    at another client now, where it is exported. The answers of one survey become
    one row; an answer that was withdrawn leaves its cell empty, as it is withdrawn again by the import of that row.
    """
    by_kind = {file.fact: file for file in files}
    for name, stored in groupby(items, key=lambda item: str(item["client_id"])):
        if not is_slug(name):
            continue
        surveys: dict[str, list[Item]] = {}
        for item in stored:
            if item.get("moved"):
                continue
            if reason := _unknown(item, by_kind):
                yield LeftOut(reason)
            elif KINDS[item["kind"]].by_question:
                surveys.setdefault(item["fact_id"].rpartition("#")[0], []).append(item)
            else:
                yield from _exported(item, by_kind)
        for survey in surveys.values():
            yield from _joined(survey, by_kind)


def _unknown(item: Item, files: Mapping[FactKind, FileKind]) -> str | None:
    """What about an item is not known here."""
    kind, format_ = str(item.get("kind")), item.get("format", "unknown")
    if kind not in KINDS or not (kind in files or has_events(kind)):
        return f"of kind {kind}"
    return None if format_ == FORMAT else f"of kind {kind} in format {format_}"


def _exported(item: Item, files: Mapping[FactKind, FileKind]) -> Iterator[Exported | LeftOut]:
    file = files.get(item["kind"])
    try:
        if file is not None and "observed_at" in item:
            yield _row(file, item, identity_of(item["fact_id"]))
        else:
            yield from [Exported(REST, event) for event in events_of(item)]
    except (KeyError, TypeError, ValueError):
        yield LeftOut(f"of kind {item['kind']} with damaged fields")


def _row(file: FileKind, item: Item, identity: str) -> Exported:
    version = version_of(item["revision"], incomplete="respondent" in item)
    return Exported(file.name, row_of(file, item, identity, version))


def _joined(survey: Sequence[Item], files: Mapping[FactKind, FileKind]) -> Iterator[Exported | LeftOut]:
    """The row of the facts that one survey has left, and what it gives to questions that no file has a column for.

    A row has one day. Answers of several days are left by versions of one time that contradict one another: they are
    told apart question by question.
    """
    kind = survey[0]["kind"]
    file = files[kind]
    given = [item for item in survey if "lane_time" in item]
    asked = [item for item in given if item.get("question") in file.questions]
    for item in given:
        if item not in asked:
            yield LeftOut(f"of kind {kind} about the question {item.get('question')}, which the model does not ask")
    if not asked:
        return
    try:
        latest = max(survey, key=lambda item: str(item["revision"]))
        whole = {
            "client_id": latest["client_id"],
            "source": latest["source"],
            "observed_at": max(asked, key=lambda item: str(item["revision"]))["observed_at"],
            "revision": latest["revision"],
            "answer": {item["question"]: item["answer"][item["question"]] for item in asked},
            "bands": [item["question"] for item in asked if is_band(item["answer"])],
            "names": {item["question"]: item["names"] for item in asked if "names" in item},
        }
        row = _row(file, whole, identity_of(latest["fact_id"].rpartition("#")[0]))
        yield replace(row, redated=sum(item["observed_at"] != whole["observed_at"] for item in asked))
    except (KeyError, TypeError, ValueError):
        yield LeftOut(f"of kind {kind} with damaged fields")

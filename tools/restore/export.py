"""What an export would bring back: its facts beside those of the stack, by kind and by client."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any, Literal

from shared.intake.validation import validate_event
from shared.opmm.facts import Fact, bare
from shared.opmm.kinds import KINDS
from shared.opmm.timestamps import parse_instant
from shared.sheets.errors import NoSourceError
from shared.sheets.interpretation import Interpretation
from shared.sheets.reading import FileOptions, Line
from shared.storage.dynamodb import Item, batch_get, to_item
from shared.storage.fact_items import SAID
from shared.storage.facts import ERASED_CLIENT
from shared.storage.locators import LOCATOR
from tools.errors import ToolError
from tools.restore.telling import told_by_client
from tools.transfer.lines import Opened, files_of, opened

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Fate = Literal["missing", "older", "held", "elsewhere", "erased"]

_FATES: dict[Fate, tuple[str, str]] = {
    "missing": ("missing now", "brought back"),
    "older": ("older here", "replaced"),
    "held": ("here as well, in this version or a later one", "left as they are"),
    "elsewhere": ("counting at another client since", "left as they are"),
    "erased": ("erased", "left out"),
}
"""What is told of what was found, and of what becomes of it."""

_BACK: tuple[Fate, ...] = ("missing", "older")

_AT_ONCE = 1000
"""Lines whose facts are looked up together."""


def export_files(folder: Path, understood: Interpretation) -> list[Opened]:
    """The files of an export. Raises ToolError for others: what names no source can be imported, and not restored."""
    try:
        return [opened(path, understood, FileOptions()) for path in files_of(folder)]
    except ToolError as refused:
        if isinstance(refused.__cause__, NoSourceError):
            raise ToolError(
                f"{folder} is no export: one of its files does not say which source its facts come from. make import "
                "takes such files, with SOURCE=."
            ) from refused
        raise


@dataclass(frozen=True, slots=True)
class Preview:
    """What was found of all facts of an export."""

    found: Counter[tuple[str, Fate]] = field(default_factory=Counter)
    """By kind."""
    by_client: Counter[str] = field(default_factory=Counter)
    """What would be written, by the name that it lies under."""
    bad: list[tuple[Line, Sequence[str]]] = field(default_factory=list)
    """Lines that cannot be sent, and why."""

    @property
    def changes(self) -> int:
        """How many facts would be written."""
        return sum(count for (_, fate), count in self.found.items() if fate in _BACK)

    def told(self, heading: str) -> str:
        """For people to read."""
        lines = [f"{line.file}:{line.number}: {'; '.join(faults)}" for line, faults in self.bad]
        lines.append(heading)
        for fate, (what, becomes) in _FATES.items():
            kinds = sorted((kind, count) for (kind, found), count in self.found.items() if found == fate)
            if kinds:
                each = ", ".join(f"{kind} {count}" for kind, count in kinds)
                lines.append(f"{sum(count for _, count in kinds):>10}  {what}: {becomes} ({each})")
        if self.bad:
            lines.append(f"{len(self.bad):>10}  lines that cannot be sent")
        return "\n".join([*lines, *told_by_client(self.by_client)])


@dataclass(frozen=True, slots=True)
class Beside:
    """A stack's table of facts, beside which an export is laid. It is read only."""

    client: "DynamoDBClient"
    table: str

    def preview(self, lines: Iterable[Line], understood: Interpretation) -> Preview:
        """What would become of the facts of these lines, as the service would decide it now."""
        preview = Preview()
        rest = iter(lines)
        while several := list(islice(rest, _AT_ONCE)):
            facts = list(_facts(several, understood, preview))
            for fact, fate in self._fates(facts):
                preview.found[fact.kind, fate] += 1
                if fate in _BACK:
                    preview.by_client[fact.client_id] += 1
        return preview

    def _fates(self, facts: Sequence[Fact]) -> Iterator[tuple[Fact, Fate]]:
        keys = {(fact.client_id, fact.fact_id) for fact in facts}
        keys |= {(fact.fact_id, LOCATOR) for fact in facts if KINDS[fact.kind].unique}
        keys |= {(f"{ERASED_CLIENT}{fact.client_id}", ERASED_CLIENT) for fact in facts}
        wanted = [to_item({"client_id": name, "fact_id": fact_id}) for name, fact_id in sorted(keys)]
        items = batch_get(self.client, self.table, wanted, {"ConsistentRead": True}, sleep)
        held = {(item["client_id"]["S"], item["fact_id"]["S"]): item for item in items}
        for fact in facts:
            mark = held.get((f"{ERASED_CLIENT}{fact.client_id}", ERASED_CLIENT))
            if mark and fact.recorded_at <= parse_instant(mark["erased_at"]["S"]):
                yield fact, "erased"
                continue
            yield fact, _fate(fact, held.get((fact.client_id, fact.fact_id)), held.get((fact.fact_id, LOCATOR)))


def _facts(lines: Iterable[Line], understood: Interpretation, preview: Preview) -> Iterator[Fact]:
    for line in lines:
        if line.faults:
            preview.bad.append((line, line.faults))
            continue
        envelope, data = validate_event(line.event, understood.types, {"now": understood.now, "zone": understood.zone})
        yield from data.facts(envelope, lambda _: "")  # an export names no respondents


def _fate(fact: Fact, held: Item | None, located: Item | None) -> Fate:
    erased = (held or located or {}).get("erased", {}).get("S")
    if erased == "response":
        return "erased"
    if erased:
        fact = bare(fact)
    if located and located.get("name", {}).get("S") != fact.client_id and _revision(located) >= fact.revision:
        return "elsewhere"
    if held is None:
        return "missing"
    part: Any = held.get(f"{SAID}{fact.part}", {}).get("M", {}) if fact.part is not None else held
    if not part:
        return "missing"
    return "held" if _revision(part) >= fact.revision else "older"


def _revision(item: Item) -> str:
    """A damaged one is older than all."""
    revision: str = item.get("revision", {}).get("S", "")
    return revision

"""What an export would bring back: its facts beside those of the stack and the receipts of erasures.

It is told by kind and by client, and is what is sent: nothing of what was erased.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any, Literal

from shared.intake.validation import validate_event
from shared.opmm.facts import Fact, bare
from shared.opmm.kinds import KINDS
from shared.sheets.errors import NoSourceError
from shared.sheets.interpretation import Interpretation
from shared.sheets.reading import FileOptions, Line
from shared.storage.dynamodb import Item, batch_get, to_item
from shared.storage.fact_items import SAID
from shared.storage.facts import ERASED_CLIENT
from shared.storage.locators import LOCATOR
from tools.errors import ToolError
from tools.restore.compare import OF_A_PERSON, Key
from tools.restore.receipts import Erased
from tools.restore.telling import told_by_client
from tools.transfer.lines import Opened, files_of, opened

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Fate = Literal["missing", "older", "bare", "held", "elsewhere", "erased", "unsure"]

_FATES: dict[Fate, tuple[str, str]] = {
    "missing": ("missing now", "brought back"),
    "older": ("older here", "replaced"),
    "bare": ("missing or older here, and perhaps of somebody erased", "brought back without what was said"),
    "held": ("here as well, in this version or a later one", "left as they are"),
    "elsewhere": ("counting at another client since", "left as they are"),
    "erased": ("erased", "left out"),
    "unsure": ("missing now, and perhaps of somebody erased with the ratings", "left out"),
}
"""What is told of what was found, and of what becomes of it."""

_BACK: tuple[Fate, ...] = ("missing", "older", "bare")
_LEFT_OUT: tuple[Fate, ...] = ("erased", "unsure")

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
    understood: Interpretation
    erased: Erased

    def preview(self, lines: Iterable[Line]) -> Preview:
        """What would become of the facts of these lines, as the service would decide it now."""
        preview = Preview()
        for line, fates in self._judged(lines):
            if line.faults:
                preview.bad.append((line, line.faults))
            for fact, fate in fates:
                preview.found[fact.kind, fate] += 1
                if fate in _BACK:
                    preview.by_client[fact.client_id] += 1
        return preview

    def chosen(self, lines: Iterable[Line]) -> Iterator[Line]:
        """The lines as they are to be sent: without what was erased, and what may have been.

        Those of which all is there are among them: the service looks whether all is in place that belongs to them.
        """
        for line, fates in self._judged(lines):
            if not fates or any(fate not in _LEFT_OUT for _, fate in fates):
                yield line

    def _judged(self, lines: Iterable[Line]) -> Iterator[tuple[Line, list[tuple[Fact, Fate]]]]:
        """Each line as it would be sent, with its facts and what would become of them; none where it is bad."""
        rest = iter(lines)
        while several := list(islice(rest, _AT_ONCE)):
            facts = [self._facts(line) for line in several]
            held = self._held([fact for each in facts for fact in each])
            for line, told in zip(several, facts, strict=True):
                yield self._judge(line, told, held)

    def _facts(self, line: Line) -> list[Fact]:
        if line.faults:
            return []
        understood = self.understood
        envelope, data = validate_event(line.event, understood.types, {"now": understood.now, "zone": understood.zone})
        return list(data.facts(envelope, lambda _: ""))  # an export names no respondents

    def _held(self, facts: Sequence[Fact]) -> Mapping[Key, Item]:
        """What the table holds of these facts: themselves, where they count, and the words of erased clients."""
        keys = {(fact.client_id, fact.fact_id) for fact in facts}
        keys |= {(fact.fact_id, LOCATOR) for fact in facts if KINDS[fact.kind].unique}
        keys |= {(f"{ERASED_CLIENT}{fact.client_id}", ERASED_CLIENT) for fact in facts}
        wanted = [to_item({"client_id": name, "fact_id": fact_id}) for name, fact_id in sorted(keys)]
        items = batch_get(self.client, self.table, wanted, {"ConsistentRead": True}, sleep)
        return {(item["client_id"]["S"], item["fact_id"]["S"]): item for item in items}

    def _judge(
        self, line: Line, facts: Sequence[Fact], held: Mapping[Key, Item]
    ) -> tuple[Line, list[tuple[Fact, Fate]]]:
        sent, fates = line, list[tuple[Fact, Fate]]()
        for told in facts:
            fact, item = told, held.get((told.client_id, told.fact_id))
            located = held.get((fact.fact_id, LOCATOR))
            until = self.erased.up_to(held, fact.client_id)
            if until and fact.recorded_at <= until:
                fates.append((fact, "erased"))
                continue
            level = self.erased.level_of(fact) if KINDS[fact.kind].unique and _tells_nobody(item, located) else None
            if level == "response" and item is None:
                fates.append((fact, "unsure"))
                continue
            if level:
                sent = _without_person(line)
                [fact] = self._facts(sent)  # a response is all that its event tells
            fate = _fate(fact, item, located)
            fates.append((fact, "bare" if sent is not line and fate in _BACK else fate))
        return sent, fates


def _tells_nobody(held: Item | None, located: Item | None) -> bool:
    """Whether nothing here would say that a response was not erased: no word of that, and no person in it.

    What an earlier restore brought back bare looks so, too.
    """
    if "erased" in (held or located or {}):
        return False
    return located is None if held is None else not any(name in held for name in OF_A_PERSON)


def _without_person(line: Line) -> Line:
    """The line of a response without who gave it and what they said; the same where it has neither."""
    data = line.event["data"]
    if not any(data.get(name) for name in OF_A_PERSON):
        return line
    return replace(line, event={**line.event, "data": {k: v for k, v in data.items() if k not in OF_A_PERSON}})


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

"""The messages of nights and rebuilds: what each asks for, and who does it."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

from aws_lambda_powertools import Logger

from shared.opmm.dataclass import dataclass
from shared.storage.dynamodb import Cursor
from shared.storage.runs import Kind

AT_ONCE = 25
"""Clients of one message."""

Left = Callable[[], float]
"""Seconds that the invocation has left."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a message says of the run that it belongs to."""

    kind: Kind
    run: str
    wait: int
    """Seconds until what differs is looked at again."""

    @classmethod
    def read(cls, message: Mapping[str, Any]) -> "Parcel":
        """The run of a message."""
        return cls(cast("Kind", message["kind"]), message["run"], message["wait"])

    def of(self, part: str, number: int, names: Sequence[str], *, given_up: bool = False) -> dict[str, Any]:
        """A message of clients."""
        return {**self._head(), "part": part, "number": number, "names": list(names), "given_up": given_up}

    def listing(
        self, table: str, segment: int, of: int, *, number: int = 0, after: Cursor = None, last: str | None = None
    ) -> dict[str, Any]:
        """A message that lists clients: which part of which table, how many messages it has sent, and where it is."""
        told = {"list": table, "segment": segment, "of": of, "number": number, "after": after, "last": last}
        return {**self._head(), **told}

    def _head(self) -> dict[str, Any]:
        return {"kind": self.kind, "run": self.run, "wait": self.wait}


def portions(names: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """These names, so many at a time."""
    return (names[start : start + size] for start in range(0, len(names), size))


@dataclass(frozen=True, slots=True)
class Messages:
    """Does what the messages of the queues ask for."""

    lists: Callable[[Mapping[str, Any], Left], None]
    refreshes: Callable[[Mapping[str, Any], int, Left], None]
    reads_again: Callable[[Mapping[str, Any]], None]
    logger: Logger

    def __call__(self, records: Sequence[Mapping[str, Any]], left: Left) -> list[str]:
        """Ids of the messages that failed and are to come again. One that comes twice does no harm."""
        failed = []
        for record in records:
            message = json.loads(record["body"])
            tries = int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))
            try:
                if "DDBStreamBatchInfo" in message:
                    self.reads_again(message)
                elif "list" in message:
                    self.lists(message, left)
                else:
                    self.refreshes(message, tries, left)
            except Exception as error:  # noqa: BLE001 - one message's trouble must not hold up another
                told = {name: message[name] for name in ("kind", "run", "part", "number", "list") if name in message}
                self.logger.error("message failed", tries=tries, error=type(error).__name__, **told)
                failed.append(record["messageId"])
        return failed

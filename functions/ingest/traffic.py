"""What becomes of calls, by the source that made them: told in the log, counted as metrics, and kept for operators."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from shared.http.requests import Request
from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.opmm.slugs import PROOF_CLIENT
from shared.storage.source_health import API, OUTCOMES, UNKNOWN, Outcome, Sort, SourceHealth

METRICS: Mapping[Outcome, str] = {
    outcome: "CallsRefused" if outcome == "refused" else f"Events{outcome.title()}" for outcome in OUTCOMES
}

_WORSE: tuple[Outcome, ...] = ("refused", "rejected", "parked", "thin", "accepted", "superseded")
_WORST_FIRST: tuple[Outcome, ...] = (*_WORSE, *(outcome for outcome in OUTCOMES if outcome not in _WORSE))

_AT_MOST_EVERY = timedelta(seconds=60)
_MOST_HELD = 25
"""Calls of a source that a function may lose with itself."""

_EVENTS, _WEBHOOKS = "/v1/events", "/v1/webhooks/"
_LONGEST_DIMENSION = 255

_PROOF = frozenset({PROOF_CLIENT})
"""The only client that the token of a proof opens."""


@dataclass(slots=True)
class _Held:
    """Calls of one source, of one sort, that are counted and not kept yet."""

    counts: Counter[str] = field(default_factory=Counter)
    last_at: datetime | None = None
    kept_at: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether to keep them now: the first of a minute at once, so that setting a tool up is seen."""
        if self.kept_at is None or now - self.kept_at >= _AT_MOST_EVERY:
            return bool(self.counts)
        return self.counts.total() >= _MOST_HELD


class Traffic:
    """The calls that one function takes, one after the other.

    Endpoints tell what became of events; what fails before it gets there is told by its status. Only names from the
    sources document and from tokens of ours become names here: whatever else calls is `UNKNOWN`. The proof of a
    deployment is told in the log and counted nowhere, so that nothing is left of it.
    """

    def __init__(self, metrics: Metrics, health: SourceHealth, clock: Callable[[], datetime], logger: Logger) -> None:
        self._metrics = metrics
        self._health = health
        self._clock = clock
        self._logger = logger
        self._held: dict[tuple[str, Sort], _Held] = defaultdict(_Held)
        self._forget()

    def _forget(self) -> None:
        self._source: str | None = None
        self._token: Token | None = None
        self._counted: dict[str, Counter[Outcome]] = defaultdict(Counter)
        self._is_probe = False

    def from_token(self, token: Token) -> None:
        """A call came with a token of ours, also one that is refused then."""
        self._token = token

    def from_source(self, name: str) -> None:
        """A call came in the name of a source that there is, whether or not it is its own."""
        self._source = name

    def probed(self) -> None:
        """Somebody looked whether we are there."""
        self._is_probe = True

    def count(self, outcome: Outcome, told_source: Any = None) -> None:
        """Something became of an event; `told_source` is what the event itself says of its source."""
        self._counted[self._name(told_source)][outcome] += 1

    def conclude(self, request: Request, status: int) -> dict[str, Any]:
        """The call is over: counts it, and says for the log whose it was and what became of it."""
        if request.method != "POST" or not (request.path == _EVENTS or request.path.startswith(_WEBHOOKS)):
            self._forget()
            return {}
        outcome = self._by_status(status) if not self._counted else None
        if outcome:
            self._counted[self._name(None)][outcome] += 1
        told = self._told(status)
        if self._token is None or self._token.clients != _PROOF:
            self._emit()
            self._keep()
        self._forget()
        return told

    def _name(self, told_source: Any) -> str:
        """What the source of this call is counted as."""
        if self._source is not None:
            return self._source
        if self._token is None:
            return UNKNOWN
        granted = self._token.sources
        if granted is not None and len(granted) == 1:
            told_source = next(iter(granted))
        elif granted is None or told_source not in granted:
            return API
        return told_source if _is_dimension(told_source) else API

    def _by_status(self, status: int) -> Outcome | None:
        """What is told of a call in which nothing became of any event; None where it is not the caller's fault."""
        if self._is_probe or status < HTTPStatus.BAD_REQUEST or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return None
        return "refused" if status == HTTPStatus.UNAUTHORIZED else "rejected"

    def _told(self, status: int) -> dict[str, Any]:
        if self._is_probe:
            return {"outcome": "probe"}
        counts = sum(self._counted.values(), Counter())
        if not counts:
            return {"source": self._name(None), "outcome": "failed" if status >= HTTPStatus.BAD_REQUEST else "none"}
        names = sorted(self._counted)
        return {
            "source": names[0] if len(names) == 1 else names,
            "outcome": next(outcome for outcome in _WORST_FIRST if counts[outcome]),
            "outcomes": dict(counts),
        }

    def _emit(self) -> None:
        """Counts by source, and of all sources together: strangers are in no sum that somebody is woken for."""
        for source, counts in self._counted.items():
            self._metrics.add_dimension("source", source)
            if source != UNKNOWN:
                self._metrics.add_dimensions(service=self._metrics.service)
            for outcome, count in counts.items():
                self._metrics.add_metric(METRICS[outcome], MetricUnit.Count, count)
            self._metrics.flush_metrics()

    def _keep(self) -> None:
        """Adds to what is held, and keeps what is due. Trouble there is no trouble of the call."""
        now = self._clock()
        for source, counts in self._counted.items():
            for outcome, count in counts.items():
                held = self._held[source, "refused" if outcome == "refused" else "heard"]
                held.counts[outcome] += count
                held.last_at = now
        for (source, sort), held in self._held.items():
            if held.last_at and held.is_due(now):
                held.kept_at = now
                try:
                    self._health.add(source, sort, held.counts, held.last_at)
                except Exception as error:  # noqa: BLE001 - what the call is about is done, whatever this comes to
                    self._logger.warning("how a source fares is not kept", source=source, error=type(error).__name__)
                held.counts.clear()


def _is_dimension(name: str) -> bool:
    """Whether CloudWatch takes it as the value of a dimension."""
    return name.isascii() and name.isprintable() and bool(name.strip()) and len(name) <= _LONGEST_DIMENSION

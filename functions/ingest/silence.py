"""Looks every day for sources that fell silent: a tool that stopped sending tells nobody."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from shared.invocations import UnknownJobError
from shared.opmm.dataclass import dataclass
from shared.storage.silences import Silences
from shared.storage.source_health import SourceHealth
from shared.webhooks.sources import SourcesDocument

LOOK = "look_for_silence"


@dataclass(frozen=True, slots=True)
class Silence:
    """Compares when each source was last heard with how long it may be silent, as the sources document says."""

    sources: SourcesDocument
    health: SourceHealth
    silences: Silences
    clock: Callable[[], datetime]
    logger: Logger
    metrics: Metrics

    def run(self, event: Mapping[str, Any]) -> list[str]:
        """The sources that fell silent. A source that was never heard is silent since somebody looks.

        Raises UnknownJobError.
        """
        if event.get("job") != LOOK:
            raise UnknownJobError(f"expected a request, or the job {LOOK}")
        now = self.clock()
        silent: dict[str, datetime | None] = {}
        for source in self.sources.all():
            if source.silent_after_days is None:
                continue
            since = self.health.watched_since(source.name, now)
            heard_at = self.health.heard_at(source.name)
            days = (now - (heard_at or since)) // timedelta(days=1)
            if days >= source.silent_after_days:
                silent[source.name] = heard_at
                self.logger.warning(
                    "a source fell silent", source=source.name, days=days, allowed=source.silent_after_days
                )
        self.metrics.add_metric("SourcesSilent", MetricUnit.Count, len(silent))
        self.metrics.flush_metrics()
        self.silences.replace(silent, now)
        return list(silent)

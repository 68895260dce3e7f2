"""`POST /v1/webhooks/{source}`: verified over the raw bytes, answered as soon as it is stored."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.ingest.webhooks.payloads import is_probe
from functions.ingest.webhooks.reception import Reception, summarised
from functions.ingest.webhooks.signatures import SCHEMES, verify
from functions.ingest.webhooks.sources import Source
from shared.http.requests import Request, Response


@dataclass(frozen=True, slots=True)
class PostWebhook:
    """Answers 200 whatever is in a signed call: tools disable endpoints that answer 4xx, and drop what they sent."""

    sources: Callable[[], Mapping[str, Source]]
    reception: Reception
    clock: Callable[[], datetime]
    metrics: Metrics

    def __call__(self, request: Request, source: str) -> Response:
        """Raises UnauthenticatedError for a bad signature; a source that does not exist is told the same."""
        body = request.body()
        if is_probe(body):
            return Response(200, {"status": "ignored"})
        known = self.sources().get(source)
        scheme = known.scheme() if known else SCHEMES["standard"]
        verify(scheme, known.secrets if known else [], request.headers, body, self.clock())
        assert known is not None  # noqa: S101 - verify has refused a source without secrets
        outcomes = self.reception.receive(source, known, body, request.media_type)
        for status, count in Counter(outcome.status for outcome in outcomes).items():
            self.metrics.add_metric(f"Webhooks{status.capitalize()}", MetricUnit.Count, count)
        return Response(200, summarised(outcomes))


def probe(request: Request, source: str) -> Response:  # noqa: ARG001 - the answer is the same for all
    """`GET`, `HEAD`, `OPTIONS`: tools look whether somebody is there, before a source is set up or after."""
    return Response(200, {"status": "ok"}, {"Allow": "GET, HEAD, OPTIONS, POST"})

"""`POST /v1/events`: one event or a batch, from a system with a token."""

from collections import Counter
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.ingest.cloudevents import read_events
from shared.http.problems import ProblemError
from shared.http.requests import Request, Response
from shared.http.tokens import Token
from shared.intake.intake import Intake, Taken
from shared.opmm.dataclass import dataclass

if TYPE_CHECKING:
    from shared.api.documents import BatchResultDocument, EventResultDocument, RejectedEventDocument


@dataclass(frozen=True, slots=True)
class PostEvents:
    """Responds 202 to a new event, 200 to one that changes nothing; to a batch 200, or 207 with rejected items."""

    intake: Intake
    metrics: Metrics

    def __call__(self, request: Request, token: Token) -> Response:
        """Takes what can be taken; a rejected item of a batch carries its own problem."""
        sent = read_events(request)
        if not isinstance(sent, list):
            return self._one(sent, token)
        document: BatchResultDocument = {"results": [self._item(item, token) for item in sent]}
        outcomes: Counter[str] = Counter(result["status"] for result in document["results"])
        self._count(outcomes)
        status = HTTPStatus.MULTI_STATUS if outcomes["rejected"] else HTTPStatus.OK
        return Response(status, document, about={"outcomes": dict(outcomes)})

    def _one(self, sent: Any, token: Token) -> Response:
        taken = self.intake.take(sent, token)
        self._count({taken.status: 1})
        status = HTTPStatus.ACCEPTED if taken.status == "accepted" else HTTPStatus.OK
        return Response(status, _document(taken), about={"client_id": taken.client_id, "outcomes": {taken.status: 1}})

    def _item(self, sent: Any, token: Token) -> "EventResultDocument | RejectedEventDocument":
        try:
            return _document(self.intake.take(sent, token))
        except ProblemError as problem:
            event_id = sent.get("id") if isinstance(sent, dict) else None
            return {
                "id": event_id if isinstance(event_id, str) else None,
                "status": "rejected",
                "problem": problem.document(),
            }

    def _count(self, outcomes: Mapping[str, int]) -> None:
        for status, count in outcomes.items():
            self.metrics.add_metric(f"Events{status.capitalize()}", MetricUnit.Count, count)


def _document(taken: Taken) -> "EventResultDocument":
    document: EventResultDocument = {"id": taken.id, "client_id": taken.client_id, "status": taken.status}
    if taken.is_new:
        document["new_client"] = True
    if taken.joined:
        document["joined"] = list(taken.joined)
    return document

"""`POST /v1/events`: one event or a batch, from a system with a token."""

from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from functions.ingest.cloudevents import read_events
from functions.ingest.traffic import Traffic
from shared.http.problems import ProblemError
from shared.http.requests import Request, Response
from shared.http.tokens import Token
from shared.intake.intake import Intake, Taken
from shared.opmm.dataclass import dataclass

if TYPE_CHECKING:
    from shared.api.intake_documents import BatchResultDocument, EventResultDocument, RejectedEventDocument


@dataclass(frozen=True, slots=True)
class PostEvents:
    """Responds 202 to a new event, 200 to one that changes nothing; to a batch 200, or 207 with rejected items."""

    intake: Intake
    traffic: Traffic

    def __call__(self, request: Request, token: Token) -> Response:
        """Takes what can be taken; a rejected item of a batch carries its own problem."""
        sent = read_events(request)
        if not isinstance(sent, list):
            return self._one(sent, token)
        document: BatchResultDocument = {"results": [self._item(item, token) for item in sent]}
        outcomes: Counter[str] = Counter(result["status"] for result in document["results"])
        status = HTTPStatus.MULTI_STATUS if outcomes["rejected"] else HTTPStatus.OK
        return Response(status, document)

    def _one(self, sent: Any, token: Token) -> Response:
        taken = self._taken(sent, token)
        status = HTTPStatus.ACCEPTED if taken.status == "accepted" else HTTPStatus.OK
        return Response(status, _document(taken), about={"client_id": taken.client_id})

    def _item(self, sent: Any, token: Token) -> "EventResultDocument | RejectedEventDocument":
        try:
            return _document(self._taken(sent, token))
        except ProblemError as problem:
            event_id = sent.get("id") if isinstance(sent, dict) else None
            return {
                "id": event_id if isinstance(event_id, str) else None,
                "status": "rejected",
                "problem": problem.document(),
            }

    def _taken(self, sent: Any, token: Token) -> Taken:
        told_source = sent.get("source") if isinstance(sent, dict) else None
        try:
            taken = self.intake.take(sent, token)
        except ProblemError:
            self.traffic.count("rejected", told_source)
            raise
        self.traffic.count(taken.status, told_source)
        return taken


def _document(taken: Taken) -> "EventResultDocument":
    document: EventResultDocument = {"id": taken.id, "client_id": taken.client_id, "status": taken.status}
    if taken.is_new:
        document["new_client"] = True
    if taken.joined:
        document["joined"] = list(taken.joined)
    return document

"""The endpoints of erasure: asking for one, its receipt, and what is held of a person beforehand."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from functions.erase.documents import erasure_document
from shared.http import cursors
from shared.http.parameters import Parameters
from shared.http.problems import Fault, ForbiddenError, InvalidError, NotFoundError
from shared.http.requests import Request, Response
from shared.http.tokens import Token
from shared.intake.validation import parse_json
from shared.opmm.dataclass import dataclass
from shared.opmm.slugs import is_slug
from shared.storage.erasable import Erasable
from shared.storage.erasures import Erasure, Erasures
from shared.storage.facts import Facts
from shared.storage.queue import Queue
from shared.storage.scores import Scores
from shared.webhooks.mentions import names_respondent

if TYPE_CHECKING:
    from shared.api.erasure_documents import ErasureListDocument, SubjectDocument

_ID = re.compile(r"[0-9]{8}T[0-9]{6}-[0-9a-f]{8}", re.ASCII)
_FIELDS = ("respondent", "client_id", "ratings")
_LONGEST_RESPONDENT = 320
_PAGES = 10
"""Pages of a table that one call for what is held of a person reads: a second or two."""
_BODIES_AT_ONCE = 25
_FACTS, _BODIES = "facts", "bodies"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be erased."""

    respondent: str | None
    client_id: str | None
    ratings: bool


@dataclass(frozen=True, slots=True)
class ErasureEndpoints:
    """What an admin of all clients may do about data of people and clients."""

    erasures: Erasures
    erasable: Erasable
    facts: Facts
    scores: Scores
    queue: Queue
    hashed: Callable[[str], str]
    keys: Callable[[], list[str]]
    clock: Callable[[], datetime]
    drawn: Callable[[], str]
    """Eight hexadecimal digits at random."""
    parked_for: timedelta

    def erase(self, request: Request, token: Token) -> Response:
        """`POST /v1/erasures`: writes the wish down and begins.

        The same wish twice is two erasures, of which the second finds less.
        """
        _require_everything(token)
        wish = _wish(parse_json(request.body()))
        now = self.clock()
        erasure = Erasure(
            id=f"{now:%Y%m%dT%H%M%S}-{self.drawn()}",
            asked_at=now,
            asked_by=token.subject,
            token_id=token.id,
            ratings=wish.ratings,
            client_id=self._client(wish.client_id) if wish.client_id is not None else None,
            respondent=self.hashed(wish.respondent) if wish.respondent is not None else None,
        )
        saved = self.erasures.save(erasure)
        try:
            self.queue.send({"erasure_id": erasure.id})
        except Exception:
            # Nothing will go on with it, and its receipt must not say that it runs.
            self.erasures.save(replace(saved, status="failed"))
            raise
        return Response(HTTPStatus.ACCEPTED, erasure_document(erasure, self.parked_for))

    def get_erasure(self, request: Request, token: Token, erasure_id: str) -> Response:  # noqa: ARG002 - endpoints take it
        """`GET /v1/erasures/{erasure_id}`: the receipt."""
        _require_everything(token)
        erasure = self.erasures.get(erasure_id) if _ID.fullmatch(erasure_id) else None
        if erasure is None:
            raise NotFoundError("There is no erasure of this id.")
        return Response(200, erasure_document(erasure, self.parked_for))

    def list_erasures(self, request: Request, token: Token) -> Response:
        """`GET /v1/erasures`: receipts, the latest first."""
        _require_everything(token)
        parameters = Parameters(request.query)
        limit = parameters.limit()
        parameters.check()
        after = self._position(request, "erasures")
        listed, following = self.erasures.page(limit, after[0] if after else None)
        document: ErasureListDocument = {
            "erasures": [erasure_document(erasure, self.parked_for) for erasure in listed],
            "next": self._cursor([following] if following else None, "erasures"),
        }
        return Response(200, document)

    def get_subject(self, request: Request, token: Token) -> Response:
        """`GET /v1/subjects?respondent=`: how much is held of a person; some pages a call, go on with `next`."""
        _require_everything(token)
        parameters = Parameters(request.query)
        asked = request.query.get("respondent", "")
        if not asked.strip() or len(asked) > _LONGEST_RESPONDENT:
            parameters.refuse("respondent", f"must be an address or an id of at most {_LONGEST_RESPONDENT} characters")
        parameters.check()
        respondent = self.hashed(asked)
        purpose = f"subjects {respondent}"
        table, *key = self._position(request, purpose) or [_FACTS]
        given: Counter[str] = Counter()
        mentions: Counter[str] = Counter()
        parked: Counter[str] = Counter()
        for _ in range(_PAGES):
            if table == _FACTS:
                start = {"client_id": key[0], "fact_id": key[1]} if key else {}
                told, following = self.erasable.responses(respondent, start)
                for response in told:
                    if response.respondent == respondent:
                        given[response.name] += 1
                    elif names_respondent((response.comment or "").encode(), respondent, self.hashed):
                        mentions[response.name] += 1
                key = [following["client_id"], following["fact_id"]] if following else []
                table = _FACTS if following else _BODIES
            else:
                start = {"source": key[0], "digest": key[1]} if key else {}
                bodies, following = self.erasable.bodies(start, _BODIES_AT_ONCE)
                parked.update(body.source for body in bodies if names_respondent(body.body, respondent, self.hashed))
                key = [following["source"], following["digest"]] if following else []
                if not following:
                    table = ""
                    break
        given, mentions = self._by_client(given), self._by_client(mentions)
        document: SubjectDocument = {
            "clients": [
                {"client_id": name, "responses": given[name], "mentions": mentions[name]}
                for name in sorted(given | mentions)
            ],
            "sources": [{"source": source, "parked": count} for source, count in sorted(parked.items())],
            "next": self._cursor([table, *key] if table else None, purpose),
        }
        return Response(200, document)

    def _by_client(self, counts: Counter[str]) -> Counter[str]:
        """By the client that each name belongs to."""
        found: Counter[str] = Counter()
        for name, count in counts.items():
            found[self.scores.client_named(name)[0]] += count
        return found

    def _client(self, name: str) -> str:
        """The client that goes by this id or alias. Raises NotFoundError when nothing is held of one."""
        client_id, known = self.scores.client_named(name)
        if not known and not self.facts.any(client_id):
            raise NotFoundError("There is no client of this name.")
        return client_id

    def _position(self, request: Request, purpose: str) -> list[str] | None:
        cursor = request.query.get("cursor")
        return None if cursor is None else cursors.decode(cursor, purpose, self.keys())

    def _cursor(self, position: list[str] | None, purpose: str) -> str | None:
        return None if position is None else cursors.encode(position, purpose, self.keys()[0])


def _require_everything(token: Token) -> None:
    """Raises ForbiddenError for a token that is limited to clients or sources: what is erased goes from all of them."""
    token.require_client("")
    if token.sources is not None:
        raise ForbiddenError("The token is limited to sources; erasure reaches all of them.")


def _wish(sent: Any) -> Wish:
    """Raises InvalidError with all that is wrong at once, and nothing of what was sent."""
    if not isinstance(sent, dict):
        raise InvalidError("What is to be erased is said in an object.", [Fault("", "must be an object")])
    faults = [Fault("", f"has a field that is none of {', '.join(_FIELDS)}")] if sent.keys() - set(_FIELDS) else []
    respondent, client_id, ratings = sent.get("respondent"), sent.get("client_id"), sent.get("ratings", False)
    if ("respondent" in sent) == ("client_id" in sent):
        faults.append(Fault("", "needs exactly one of respondent and client_id"))
    if "respondent" in sent and not (
        isinstance(respondent, str) and respondent.strip() and len(respondent) <= _LONGEST_RESPONDENT
    ):
        faults.append(Fault("/respondent", f"must be an address or an id of at most {_LONGEST_RESPONDENT} characters"))
    if "client_id" in sent and not (isinstance(client_id, str) and is_slug(client_id)):
        faults.append(Fault("/client_id", "must be the id or an alias of a client"))
    if not isinstance(ratings, bool):
        faults.append(Fault("/ratings", "must be true or false"))
    elif "ratings" in sent and "client_id" in sent:
        faults.append(Fault("/ratings", "goes with respondent; a client is erased with everything"))
    if faults:
        raise InvalidError("The erasure is not valid.", faults)
    return Wish(respondent, client_id, ratings)

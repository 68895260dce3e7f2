"""The endpoint that tells what was written of all clients, for systems that keep a copy."""

from typing import TYPE_CHECKING

from functions.query.documents import change_document
from shared.http.languages import language
from shared.http.parameters import Parameters
from shared.http.requests import Request, Response
from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.opmm.signals import Signal
from shared.opmm.timestamps import rfc3339
from shared.reading.access import Access
from shared.reading.disclosure import Disclosure
from shared.reading.journal_pages import JournalPages
from shared.reading.occurrences import signal_document
from shared.reading.scorecards import Cards
from shared.storage.journal import Position

if TYPE_CHECKING:
    from shared.api import ledger_documents as api

_PURPOSE = "changes"


@dataclass(frozen=True, slots=True)
class ChangeEndpoints:
    """What happened, in the order in which it was written."""

    access: Access
    cards: Cards
    pages: JournalPages

    def list_changes(self, request: Request, token: Token) -> Response:
        """`GET /v1/changes`: changes and signals of all clients that the token reaches, the oldest first."""
        parameters = Parameters(request.query)
        limit = parameters.limit()
        parameters.check()
        position = self.access.position(request, _PURPOSE)
        page = self.pages.page(token, Position(*map(int, position)) if position else Position(), limit)
        disclosure, spoken = Disclosure.to(token, self.cards.zone), language(request.headers.get("accept-language", ""))
        entries: list[api.JournalEntryDocument] = [
            {
                "id": reference.id,
                "client_id": reference.client_id,
                "kind": "signal" if isinstance(said, Signal) else "score.changed",
                "at": rfc3339(disclosure.instant(said.at)),
                "change": None
                if isinstance(said, Signal)
                else change_document(said, self.cards.model, spoken, disclosure),
                "signal": signal_document(said) if isinstance(said, Signal) else None,
            }
            for reference, said in page.entries
        ]
        following = self.access.cursor([str(page.behind.segment), str(page.behind.read)], _PURPOSE)
        document: api.JournalDocument = {"entries": entries, "more": page.more, "next": following or ""}
        return Response(200, document)

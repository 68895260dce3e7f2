"""`GET /v1/sources`: the tools that may post, and how each fares."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from functions.ingest.webhooks.parked import require_every_client
from shared.http.parameters import Parameters
from shared.http.requests import Request, Response
from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.opmm.timestamps import rfc3339
from shared.reading.sources import faring
from shared.storage.parked import Parked
from shared.storage.source_health import SourceHealth
from shared.webhooks.provider import Source
from shared.webhooks.sources import SourcesDocument

if TYPE_CHECKING:
    from shared.api.intake_documents import SourceDocument, SourceListDocument


@dataclass(frozen=True, slots=True)
class SourceList:
    """What somebody sees who sets sources up. Neither secrets nor anything that was sent, but for names in payloads."""

    sources: SourcesDocument
    health: SourceHealth
    parked: Parked
    clock: Callable[[], datetime]

    def __call__(self, request: Request, token: Token) -> Response:
        """Raises ForbiddenError for a token that is limited to clients; of other sources it is told nothing."""
        require_every_client(token)
        Parameters(request.query).check()
        listed = [source for source in self.sources.all() if token.sources is None or source.name in token.sources]
        document: SourceListDocument = {
            "sources": [self._document(source) for source in sorted(listed, key=lambda source: source.name)]
        }
        return Response(200, document)

    def _document(self, source: Source) -> "SourceDocument":
        fares = faring(source.name, self.health, self.parked, self.clock())
        heard, refused, sample = fares.health.heard_at, fares.health.refused_at, fares.sample
        return {
            "name": source.name,
            "provider": source.provider.name,
            "client": source.client,
            "heard_at": None if heard is None else rfc3339(heard),
            "refused_at": None if refused is None else rfc3339(refused),
            "counts": dict(fares.health.counts),
            "parked": dict(fares.parked),
            "finding": fares.finding,
            "sample": None if sample is None else {"id": sample.id, "shape": sample.shape},
        }

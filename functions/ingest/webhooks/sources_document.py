"""The sources as a warm function knows them: read again a minute after the document was changed, at the latest."""

from collections.abc import Mapping
from typing import Any

from functions.ingest.webhooks.sources import Source, load_sources
from shared.storage.secrets import Secret


class SourcesDocument:
    """The sources by name, validated once for each version of the document."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret
        self._document: dict[str, Any] | None = None
        self._sources: dict[str, Source] = {}

    def __call__(self) -> Mapping[str, Source]:
        """The sources. Raises SourcesError for a document that was stored without being checked."""
        document = self._secret.read()
        if document is not self._document:
            self._sources = load_sources(document)
            self._document = document
        return self._sources

"""The sources document: which tools may post, how they sign, and where in their payloads a client is found."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from shared.opmm.model import Model
from shared.opmm.slugs import is_slug
from shared.storage.secrets import Secret
from shared.webhooks.provider import Provider, Question, Source, find_provider, provider_names
from shared.webhooks.signing import Scheme
from shared.webhooks.source_rules import SourceSettings, faults_in


class SourcesError(ValueError):
    """The document does not describe sources. Holds every fault, each behind the field that it is in."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def load_sources(document: Any, model: Model) -> dict[str, Source]:
    """The sources by name. Raises SourcesError with every fault of the document, none of which tells a secret."""
    if not isinstance(document, dict):
        raise SourcesError(["the document: must be an object, with a source under each name"])
    sources: dict[str, Source] = {}
    faults: list[str] = []
    for name, described in document.items():
        try:
            sources[name] = load_source(name, described, model)
        except SourcesError as error:
            faults += error.faults
    if faults:
        raise SourcesError(faults)
    return sources


def load_source(name: str, described: Any, model: Model) -> Source:
    """One source. Raises SourcesError with every fault in it."""
    if not is_slug(name):
        raise SourcesError([f"{name}: a source is called by lower-case letters, digits and -, 63 at most"])
    if not isinstance(described, dict):
        raise SourcesError([f"{name}: must be an object"])
    try:
        settings = SourceSettings.model_validate(described)
    except ValidationError as error:
        # Without the input: it holds secrets.
        details = error.errors(include_url=False, include_input=False)
        raise SourcesError([f"{_place(name, *detail['loc'])}: {detail['msg']}" for detail in details]) from None
    provider = find_provider(settings.provider)
    if provider is None:
        raise SourcesError([f"{name}.provider: must be one of {', '.join(provider_names())}"])
    faults = [f"{_place(name, field)}: {message}" for field, message in faults_in(settings, provider, model)]
    scheme = _scheme(settings, provider)
    if faults or scheme is None:
        raise SourcesError(faults)
    answers = settings.answers or {}
    return Source(
        name=name,
        provider=provider,
        secrets=tuple(settings.secrets),
        scheme=scheme,
        client=settings.client,
        answers={key: Question(asked.question, asked.choices or {}) for key, asked in answers.items()},
        event=settings.event or {},
        questions={dimension.key: dimension for dimension in model.survey_questions},
        clients=None if settings.clients is None else frozenset(settings.clients),
        types=None if settings.types is None else frozenset(settings.types),
        describes=settings.describes,
    )


def _scheme(settings: SourceSettings, provider: Provider) -> Scheme | None:
    """How a source signs: its own scheme before its provider's. None when there is neither, which is a fault."""
    if settings.signature is not None:
        return settings.signature.scheme()
    if provider.scheme is not None and settings.header is not None:
        return replace(provider.scheme, header=settings.header.lower())
    return provider.scheme


def _place(*steps: int | str) -> str:
    return ".".join(str(step) for step in steps)


class SourcesDocument:
    """The sources as a warm function knows them: validated once for each version, which it sees within a minute."""

    def __init__(self, secret: Secret, model: Model) -> None:
        self._secret = secret
        self._model = model
        self._document: dict[str, Any] | None = None
        self._sources: dict[str, Source] = {}

    def __call__(self) -> Mapping[str, Source]:
        """The sources by name. Raises SourcesError for a document that was stored without being checked."""
        document = self._secret.read()
        if document is not self._document:
            self._sources = load_sources(document, self._model)
            self._document = document
        return self._sources

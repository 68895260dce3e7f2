"""The sources document: which tools may post, how they sign, and where in their payloads a client is found."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from aws_lambda_powertools import Logger

from shared.http.problems import UnavailableError
from shared.opmm.model import Model
from shared.storage.described import Described, DescriptionError, faults_of_name, load_all, place
from shared.storage.secrets import Secret
from shared.storage.source_health import API, UNKNOWN
from shared.webhooks.provider import Question, Source, find_provider
from shared.webhooks.source_rules import faults_in, faults_when_stored, scheme_of
from shared.webhooks.source_settings import read_settings

_RETRY_AFTER = "60"
"""In seconds: a mended document is seen within a minute."""


_WHAT = "a source"


class SourcesError(DescriptionError):
    """The document does not describe sources."""


def load_sources(document: Any, model: Model, *, to_store: bool = False) -> dict[str, Source]:
    """The sources by name. Raises SourcesError with every fault of the document, none of which tells a secret.

    With `to_store` also with what works where it is stored already, and is not stored any more.
    """
    return load_all(document, _WHAT, partial(load_source, model=model, to_store=to_store), SourcesError)


def load_source(name: str, described: Any, model: Model, *, to_store: bool = False) -> Source:
    """One source. Raises SourcesError with every fault in it."""
    faults = faults_of_name(name, _WHAT)
    if to_store and name in (API, UNKNOWN):
        faults.append(f"{name}: calls of no source are counted under this name")
    if not isinstance(described, dict):
        raise SourcesError([*faults, f"{name}: must be an object"])
    settings, malformed = read_settings(described)
    faults += [f"{place(name, *steps)}: {message}" for steps, message in malformed]
    provider = find_provider(settings.provider)
    unfit = [*faults_in(settings, provider, model), *(faults_when_stored(settings, provider) if to_store else ())]
    places = {place(*steps) for steps, _ in malformed}
    faults += [f"{name}.{field}: {message}" for field, message in unfit if not _overlaps(field, places)]
    scheme = scheme_of(settings, provider)
    if faults or provider is None or scheme is None:
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
        scale=settings.scale,
        templates=None if settings.templates is None else frozenset(settings.templates),
        questions={dimension.key: dimension for dimension in model.survey_questions},
        clients=None if settings.clients is None else frozenset(settings.clients),
        types=None if settings.types is None else frozenset(settings.types),
        describes=settings.describes,
        silent_after_days=settings.silent_after_days,
    )


def _overlaps(field: str, places: Iterable[str]) -> bool:
    """Whether a field holds one of these places or lies in it, so that what stands there says nothing."""
    return any(f"{field}.".startswith(f"{each}.") or f"{each}.".startswith(f"{field}.") for each in places)


class SourcesDocument:
    """The sources as a warm function knows them. One that cannot be read fails its own calls and no others."""

    def __init__(self, secret: Secret, model: Model, logger: Logger) -> None:
        self._logger = logger
        self._described = Described(secret, partial(load_source, model=model), self._without_sources)

    def __call__(self, name: str) -> Source | None:
        """The source of this name; None when there is none. Raises UnavailableError for one that cannot be read."""
        document = self._described.document()
        if name not in document:
            return None
        known = self._described.one(name, document[name])
        if isinstance(known, DescriptionError):
            # Not the faults themselves, which may quote what stands in the document: `make sources` tells them.
            self._logger.error("a source cannot be read", source=name, faults=len(known.faults))
            raise _unavailable()
        return known

    def all(self) -> list[Source]:
        """Every source that can be read. Raises UnavailableError when nobody can say which there are."""
        return self._described.all()

    def _without_sources(self) -> UnavailableError:
        """Logged without the name, which is whatever a caller has asked for."""
        self._logger.error("the sources cannot be read")
        return _unavailable()


def _unavailable() -> UnavailableError:
    return UnavailableError("This source cannot be read.", headers={"Retry-After": _RETRY_AFTER})

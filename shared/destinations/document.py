"""The destinations document: whom the service tells what happens, with a destination under each name."""

import hashlib
import json
from functools import partial
from typing import Any

from aws_lambda_powertools import Logger

from shared.destinations.destination import Destination
from shared.storage.described import Described, DescriptionError, faults_of_name, load_all, place
from shared.storage.secrets import Secret

_WHAT = "a destination"


class DestinationsError(DescriptionError):
    """The document does not describe destinations."""


class UnreadableDestinationError(Exception):
    """A destination stands in the document, and cannot be read: it may be by and by, when somebody has mended it."""


def load_destinations(document: Any, *, loopback: bool = False) -> dict[str, Destination]:
    """The destinations by name. Raises DestinationsError with every fault of the document, and no secret.

    With `loopback` they may be on this machine.
    """
    return load_all(document, _WHAT, partial(load_destination, loopback=loopback), DestinationsError)


def load_destination(name: str, described: Any, *, loopback: bool = False) -> Destination:
    """One destination. Raises DestinationsError with every fault in it."""
    # They bring pydantic: a third of the start of a function, which a stack without destinations does without.
    from shared.destinations.destination_rules import faults_in, read_settings  # noqa: PLC0415

    faults = faults_of_name(name, _WHAT)
    if not isinstance(described, dict):
        raise DestinationsError([*faults, f"{name}: must be an object"])
    settings, malformed = read_settings(described)
    faults += [f"{place(name, *steps)}: {message}" for steps, message in malformed]
    if settings is not None:
        wrong = {steps[0] for steps, _ in malformed if steps}
        unfit = [(field, message) for field, message in faults_in(settings, loopback=loopback) if field not in wrong]
        faults += [f"{place(name, field)}: {message}" for field, message in unfit]
    if faults or settings is None:
        raise DestinationsError(faults)
    return settings.destination(name)


def version_of(described: Any) -> str:
    """The version of what is described of a destination."""
    return hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()[:16]


class DestinationsDocument:
    """The destinations as a warm function knows them. One that cannot be read is told nothing, and all others are."""

    def __init__(self, secret: Secret, logger: Logger, *, loopback: bool = False) -> None:
        self._logger = logger
        self._loopback = loopback
        self._described = Described(secret, self._load, self._lost)

    def __call__(self, name: str) -> Destination | None:
        """The destination of this name; None when there is none.

        Raises UnreadableDestinationError for one that cannot be read, or when nobody can say which there are.
        """
        document = self._described.document()
        if name not in document:
            return None
        known = self._described.one(name, document[name])
        if isinstance(known, DescriptionError):
            raise UnreadableDestinationError(name)
        return known

    def look_anew(self) -> None:
        """Has the next one who asks see the document as it is by then: people look who have just changed it."""
        self._described.look_anew()

    def all(self) -> list[Destination]:
        """Every destination that can be read. Raises UnreadableDestinationError when nobody can say which there are."""
        return self._described.all()

    def names(self) -> list[str]:
        """What all are called, also those that cannot be read. Raises UnreadableDestinationError as `all` does."""
        return sorted(self._described.document())

    def version(self, name: str) -> str | None:
        """Another one whenever anything of a destination is changed; None when there is none of this name.

        Raises UnreadableDestinationError when nobody can say which there are.
        """
        document = self._described.document()
        if name not in document:
            return None
        return version_of(document[name])

    def _load(self, name: str, described: Any) -> Destination:
        try:
            return load_destination(name, described, loopback=self._loopback)
        except DestinationsError as error:
            # Not the faults themselves, which may quote what stands in it: `make destinations` tells them.
            self._logger.error("a destination cannot be read", destination=name, faults=len(error.faults))
            raise

    def _lost(self) -> UnreadableDestinationError:
        self._logger.error("the destinations cannot be read")
        return UnreadableDestinationError("the document")

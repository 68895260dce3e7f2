"""The destinations document: whom the service tells what happens, with a destination under each name."""

import hashlib
import json
from typing import Any

from aws_lambda_powertools import Logger

from shared.destinations.destination import Destination
from shared.opmm.slugs import is_slug
from shared.storage.secrets import Secret


class DestinationsError(ValueError):
    """The document does not describe destinations. Holds every fault, each behind the field that it is in."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class UnreadableDestinationError(Exception):
    """A destination stands in the document, and cannot be read: it may be by and by, when somebody has mended it."""


def load_destinations(document: Any, *, loopback: bool = False) -> dict[str, Destination]:
    """The destinations by name. Raises DestinationsError with every fault of the document, and no secret.

    With `loopback` they may be on this machine.
    """
    if not isinstance(document, dict):
        raise DestinationsError(["the document: must be an object, with a destination under each name"])
    destinations: dict[str, Destination] = {}
    faults: list[str] = []
    for name, described in document.items():
        try:
            destinations[name] = load_destination(name, described, loopback=loopback)
        except DestinationsError as error:
            faults += error.faults
    if faults:
        raise DestinationsError(faults)
    return destinations


def load_destination(name: str, described: Any, *, loopback: bool = False) -> Destination:
    """One destination. Raises DestinationsError with every fault in it."""
    # They bring pydantic: a third of the start of a function, which a stack without destinations does without.
    from shared.destinations.destination_rules import faults_in, read_settings  # noqa: PLC0415

    faults = (
        [] if is_slug(name) else [f"{name}: a destination is called by lower-case letters, digits and -, 63 at most"]
    )
    if not isinstance(described, dict):
        raise DestinationsError([*faults, f"{name}: must be an object"])
    settings, malformed = read_settings(described)
    faults += [f"{_place(name, *place)}: {message}" for place, message in malformed]
    if settings is not None:
        wrong = {place[0] for place, _ in malformed if place}
        unfit = [(field, message) for field, message in faults_in(settings, loopback=loopback) if field not in wrong]
        faults += [f"{_place(name, field)}: {message}" for field, message in unfit]
    if faults or settings is None:
        raise DestinationsError(faults)
    return settings.destination(name)


def version_of(described: Any) -> str:
    """The version of what is described of a destination."""
    return hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()[:16]


def _place(*steps: int | str) -> str:
    return ".".join(str(step) for step in steps)


class DestinationsDocument:
    """The destinations as a warm function knows them: each read once for a version, which it sees within a minute.

    The document may have been written by hand. A destination that cannot be read is told nothing, and all others are.
    """

    def __init__(self, secret: Secret, logger: Logger, *, loopback: bool = False) -> None:
        self._secret = secret
        self._logger = logger
        self._loopback = loopback
        self._document: Any = None
        self._known: dict[str, tuple[Any, Destination | DestinationsError]] = {}
        """By name, what is described of a destination, and what was read there."""

    def __call__(self, name: str) -> Destination | None:
        """The destination of this name; None when there is none.

        Raises UnreadableDestinationError for one that cannot be read, or when nobody can say which there are.
        """
        document = self._read_document()
        if name not in document:
            return None
        known = self._one(name, document[name])
        if isinstance(known, DestinationsError):
            raise UnreadableDestinationError(name)
        return known

    def all(self) -> list[Destination]:
        """Every destination that can be read. Raises UnreadableDestinationError when nobody can say which there are."""
        document = self._read_document()
        read = [self._one(name, described) for name, described in document.items()]
        return [destination for destination in read if isinstance(destination, Destination)]

    def names(self) -> list[str]:
        """What all are called, also those that cannot be read. Raises UnreadableDestinationError as `all` does."""
        return sorted(self._read_document())

    def version(self, name: str) -> str | None:
        """Another one whenever anything of a destination is changed; None when there is none of this name.

        Raises UnreadableDestinationError when nobody can say which there are.
        """
        document = self._read_document()
        if name not in document:
            return None
        return version_of(document[name])

    def _one(self, name: str, described: Any) -> Destination | DestinationsError:
        """A destination, read once for a version of the document.

        Several threads do: one that has read the document before it changed must leave nothing behind that counts.
        """
        known = self._known.get(name)
        if known is not None and known[0] is described:
            return known[1]
        read: Destination | DestinationsError
        try:
            read = load_destination(name, described, loopback=self._loopback)
        except DestinationsError as error:
            # Not the faults themselves, which may quote what stands in it: `make destinations` tells them.
            self._logger.error("a destination cannot be read", destination=name, faults=len(error.faults))
            read = error
        self._known[name] = (described, read)
        return read

    def _read_document(self) -> dict[str, Any]:
        try:
            document: Any = self._secret.read()
        except ValueError:  # no JSON, so that nobody can say which destinations there are
            document = None
        if not isinstance(document, dict):
            self._logger.error("the destinations cannot be read")
            raise UnreadableDestinationError("the document")
        if document is not self._document:
            self._document, self._known = document, {}
        return dict(document)

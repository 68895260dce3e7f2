"""Documents that people write, with something described under each name, as those who read them know them."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from shared.opmm.display import displayed
from shared.opmm.slugs import is_slug
from shared.storage.secrets import Secret

_T = TypeVar("_T")


class DescriptionError(ValueError):
    """What is written does not describe what it should. Holds every fault, each behind the field that it is in."""

    def __init__(self, faults: list[str]) -> None:
        # Names are in them as somebody has written them, and they are printed.
        self.faults = [displayed(fault) for fault in faults]
        super().__init__("; ".join(self.faults))


def load_all(document: Any, what: str, load: Callable[[str, Any], _T], error: type[DescriptionError]) -> dict[str, _T]:
    """Everything that a document describes, by name. Raises the error with every fault that `load` finds."""
    if not isinstance(document, dict):
        raise error([f"the document: must be an object, with {what} under each name"])
    loaded: dict[str, _T] = {}
    faults: list[str] = []
    for name, described in document.items():
        try:
            loaded[name] = load(name, described)
        except error as found:
            faults += found.faults
    if faults:
        raise error(faults)
    return loaded


def faults_of_name(name: str, what: str) -> list[str]:
    """What is wrong with a name."""
    return [] if is_slug(name) else [f"{name}: {what} is called by lower-case letters, digits and -, 63 at most"]


def place(*steps: int | str) -> str:
    """Where in a document something stands."""
    return ".".join(str(step) for step in steps)


class Described(Generic[_T]):
    """A document as a warm function knows it: each description read once for a version, which it sees within a minute.

    It may have been written by hand. What cannot be read fails alone.
    """

    def __init__(self, secret: Secret, load: Callable[[str, Any], _T], lost: Callable[[], Exception]) -> None:
        self._secret = secret
        self._load = load
        self._lost = lost
        """Makes what is raised when nobody can say what is described at all."""
        self._document: Any = None
        self._known: dict[str, tuple[Any, _T | DescriptionError]] = {}
        """By name, what is described, and what was read there."""

    def look_anew(self) -> None:
        """Has the next one who asks see the document as it is by then."""
        self._secret.look_anew()

    def document(self) -> dict[str, Any]:
        """The descriptions by name, as they are written."""
        try:
            document: Any = self._secret.read()
        except ValueError:  # no JSON
            document = None
        if not isinstance(document, dict):
            raise self._lost() from None
        if document is not self._document:
            self._document, self._known = document, {}
        return dict(document)

    def all(self) -> list[_T]:
        """Everything that can be read."""
        read = [self.one(name, described) for name, described in self.document().items()]
        return [each for each in read if not isinstance(each, DescriptionError)]

    def one(self, name: str, described: Any) -> _T | DescriptionError:
        """What is described under a name, read once for a version of the document; or why it cannot be read.

        Several threads do: one that has read the document before it changed must leave nothing behind that counts.
        """
        known = self._known.get(name)
        if known is not None and known[0] is described:
            return known[1]
        read: _T | DescriptionError
        try:
            read = self._load(name, described)
        except DescriptionError as error:
            read = error
        self._known[name] = (described, read)
        return read

"""What cannot be told together is told one by one: what fails by itself stands in nobody's way."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from shared.destinations.document import UnreadableDestinationError
from shared.opmm.dataclass import dataclass
from shared.storage.outages import is_of_the_request

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Apart(Generic[_T]):
    """What became of each."""

    done: list[_T]
    failed: list[tuple[_T, str]]
    """Those that fail by themselves, with the type of the error."""
    left: list[_T]
    """From the first on that met an outage: none of these was tried any further."""


def one_by_one(each: Sequence[_T], tell: Callable[[_T], object]) -> Apart[_T]:
    """Tells each by itself, in their order."""
    done: list[_T] = []
    failed: list[tuple[_T, str]] = []
    for place, one in enumerate(each):
        try:
            tell(one)
        except Exception as error:  # noqa: BLE001 - whatever it was, the others are told
            if not _is_its_own(error):
                return Apart(done, failed, list(each[place:]))
            # The type alone: a message could quote what is told.
            failed.append((one, type(error).__name__))
        else:
            done.append(one)
    return Apart(done, failed, [])


def _is_its_own(error: Exception) -> bool:
    """Whether it may be the doing of what was told, and not that of whom all are told by."""
    return is_of_the_request(error) and not isinstance(error, UnreadableDestinationError)

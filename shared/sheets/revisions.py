"""The place of a stored version among those of its fact: a time, or a number where the tool counts its versions.

In a file a version is a time, or the digits of a count, with a `v` before those that could be a time: an event carries
the one as its `time`, the other as its `sequence`.
"""

from datetime import timedelta

from shared.opmm.facts import recorded_version
from shared.opmm.timestamps import parse_instant, rfc3339
from shared.sheets.times import could_be_time


def version_of(revision: str, *, incomplete: bool = False) -> str:
    """The version that a stored revision tells. Raises ValueError for a revision that cannot be read.

    A version that is told without all it holds is told as a microsecond or a count older, so that it never replaces the
    whole one.
    """
    recorded = recorded_version(revision)
    version = str(recorded) if isinstance(recorded, int) else rfc3339(parse_instant(recorded))
    return older(version) if incomplete else version


def older(version: str) -> str:
    """The version before, by a count or by a microsecond."""
    if is_counted(version):
        return str(max(int(version) - 1, 0))
    return rfc3339(parse_instant(version) - timedelta(microseconds=1))


def is_counted(version: str) -> bool:
    """Whether a version is a count."""
    return version.isascii() and version.isdigit()


def version_cell(version: str) -> str:
    """A version in a cell: a count that could be taken for a time is marked as what it is."""
    return f"v{version}" if is_counted(version) and could_be_time(version) else version


def count_of(cell: str) -> str | None:
    """The count in the cell of a version; None for a time."""
    digits = cell.removeprefix("v")
    return digits if is_counted(digits) else None

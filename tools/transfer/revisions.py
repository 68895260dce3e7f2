"""The place of a stored version among those of its fact: a time, or a number where the tool counts its versions.

In a file a version is an RFC 3339 time, or the digits of a count: an event carries the one as its `time`, the other as
its `sequence`.
"""

from datetime import timedelta

from shared.opmm.facts import recorded_version
from shared.opmm.timestamps import parse_instant, rfc3339


def version_of(revision: str, *, incomplete: bool = False) -> str:
    """The version that a stored revision tells. Raises ValueError for a revision that cannot be read.

    A version that is told without all it holds is told as a microsecond or a count older, so that it never replaces the
    whole one.
    """
    recorded = recorded_version(revision)
    if isinstance(recorded, int):
        return str(max(recorded - incomplete, 0))
    return rfc3339(parse_instant(recorded) - timedelta(microseconds=incomplete))


def is_counted(version: str) -> bool:
    """Whether a version is a count."""
    return version.isascii() and version.isdigit()

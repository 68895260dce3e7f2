"""The place of a stored version among those of its fact: a time, or a number where the tool counts its versions.

In a file a version is an RFC 3339 time, or the digits of a count: an event carries the one as its `time`, the other as
its `sequence`.
"""

from datetime import timedelta

from shared.opmm.timestamps import parse_instant, rfc3339


def version_of(revision: str, *, incomplete: bool = False) -> str:
    """The version that a revision tells: the time, or the count of 20 digits, before its digest.

    A version that is told without all it holds is told as a microsecond or a count older, so that it never replaces the
    whole one.
    """
    order, _, _ = revision.partition("#")
    if is_counted(order):
        return str(max(int(order) - incomplete, 0))
    return rfc3339(parse_instant(order) - timedelta(microseconds=incomplete))


def is_counted(version: str) -> bool:
    """Whether a version is a count."""
    return version.isascii() and version.isdigit()

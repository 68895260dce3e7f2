"""JMESPath, which finds clients and fields in payloads: what is wrong with an expression, and what it finds."""

from collections.abc import Iterator
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions

_FINDING_FAILED = (JMESPathError, ArithmeticError, LookupError, RecursionError, TypeError, ValueError)
"""jmespath lets Python's own errors through: `max_by` over mixed values raises TypeError, a slice by 0 ValueError."""


def fault_in(expression: str) -> str | None:
    """What is wrong with an expression, in one line; None when nothing is.

    A function that does not exist is found here: jmespath itself finds it only when a payload comes.
    """
    try:
        parsed = jmespath.compile(expression).parsed
    except (JMESPathError, RecursionError) as error:
        why = str(error).partition("\n")[0].rpartition("expression: ")[2].rstrip(":.")
        hint = ' (a name with other signs than letters, digits and _ is quoted: a."b-c")' if "'-'" in why else ""
        return f"is no JMESPath expression: {why}{hint}"
    unknown = sorted(set(_functions(parsed)) - Functions.FUNCTION_TABLE.keys())
    return f"is no JMESPath expression: there is no function {', '.join(unknown)}" if unknown else None


def find(expression: str, payload: Any) -> Any:
    """What an expression finds in a payload; None when it finds nothing. Raises ValueError when it does not fit."""
    try:
        return jmespath.search(expression, payload)
    except _FINDING_FAILED as error:
        raise ValueError("the expression does not fit the payload") from error


def _functions(node: Any) -> Iterator[str]:
    """The names of the functions that an expression calls."""
    if isinstance(node, dict):
        if node["type"] == "function_expression":
            yield node["value"]
        for child in node["children"]:
            yield from _functions(child)

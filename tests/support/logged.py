"""Every line that our code may log, as it stands in the code."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

ROOT = Path(__file__).parents[2]
LEVELS = ("debug", "info", "warning", "error", "critical")


@dataclass(frozen=True)
class Line:
    """A line that is logged."""

    message: str
    level: str
    """As it is written: `ERROR`."""
    words: frozenset[str]
    """What it says besides, as far as that is named where it is logged."""
    place: str


def logged_lines() -> Iterator[Line]:
    """The lines of all functions; one for each message that a call may choose from, and for each level."""
    for folder in ("functions", "shared"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            chosen = _chosen(tree)
            for call in ast.walk(tree):
                if isinstance(call, ast.Call) and call.args and (levels := _levels(call.func, chosen)):
                    words = frozenset(keyword.arg for keyword in call.keywords if keyword.arg)
                    place = f"{path.relative_to(ROOT).as_posix()}:{call.lineno}"
                    for message in _texts(call.args[0]):
                        yield from (Line(message, level.upper(), words, place) for level in levels)


def _levels(function: ast.expr, chosen: dict[str, list[str]]) -> list[str]:
    if isinstance(function, ast.Name):
        return chosen.get(function.id, [])
    return [function.attr] if _is_of_a_logger(function) else []


def _is_of_a_logger(value: ast.expr) -> TypeGuard[ast.Attribute]:
    return isinstance(value, ast.Attribute) and value.attr in LEVELS and ast.unparse(value.value).endswith("logger")


def _chosen(tree: ast.Module) -> dict[str, list[str]]:
    """Names that stand for one level or another: `log = logger.info if taken else logger.warning`."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.IfExp) and isinstance(node.targets[0], ast.Name):
            either = (node.value.body, node.value.orelse)
            found[node.targets[0].id] = [each.attr for each in either if _is_of_a_logger(each)]
    return found


def _texts(value: ast.expr) -> list[str]:
    if isinstance(value, ast.IfExp):
        return [*_texts(value.body), *_texts(value.orelse)]
    return [value.value] if isinstance(value, ast.Constant) and isinstance(value.value, str) else []

"""The expressions of DynamoDB, each text parsed once: conditions, updates and projections.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

Attribute = Mapping[str, Any]
"""A value in wire format: `{"S": "..."}`."""

Item = dict[str, Any]


@dataclass(frozen=True)
class Placeholders:
    """What stands for the `#names` and `:values` of an expression."""

    names: Mapping[str, str]
    values: Mapping[str, Attribute]


Operand = Callable[[Item, Placeholders], Attribute | None]
Condition = Callable[[Item, Placeholders], bool]
Path = tuple[str | int, ...]
"""Names as they are written, `#placeholders` included, and places in lists."""

_TOKEN = re.compile(r"\s*(?:([#:]\w+|[A-Za-z_]\w*)|(\d+)|(<>|<=|>=|[=<>+\-.,()\[\]]))")
_COMPARED = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_WORDS = {"AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE"}


class ExpressionError(ValueError):
    """An expression that DynamoDB would refuse, or that is not understood here."""


class _Tokens:
    """The tokens of an expression, taken one by one."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0
        self.text = text

    def peek(self) -> str:
        """The next one, words of the language in capitals; nothing at the end."""
        token = self._tokens[self._at] if self._at < len(self._tokens) else ""
        return token.upper() if token.upper() in _WORDS else token

    def take(self, *expected: str) -> str:
        """The next one, which must be one of these where any are given."""
        token = self.peek()
        if not token or (expected and token not in expected):
            raise ExpressionError(f"{token or 'the end'} instead of {expected or 'something'}: {self.text}")
        self._at += 1
        return token

    def skip(self, token: str) -> bool:
        """Whether this one came next; it is taken then."""
        if self.peek() != token:
            return False
        self._at += 1
        return True

    def end(self) -> None:
        """Nothing may be left."""
        if self.peek():
            raise ExpressionError(f"{self.peek()} is left over: {self.text}")


def _tokens(text: str) -> Iterator[str]:
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if not found:
            raise ExpressionError(f"cannot be read from place {at}: {text}")
        yield found[found.lastindex or 0]
        at = found.end()


@cache
def placeholders_in(text: str) -> frozenset[str]:
    """Every `#name` and `:value` that an expression mentions."""
    return frozenset(token for token in _tokens(text) if token[0] in "#:")


@cache
def condition(text: str) -> Condition:
    """Whether an item fulfils the text; a condition or filter."""
    tokens = _Tokens(text)
    parsed = _or(tokens)
    tokens.end()
    return parsed


def _or(tokens: _Tokens) -> Condition:
    parts = [_and(tokens)]
    while tokens.skip("OR"):
        parts.append(_and(tokens))
    return parts[0] if len(parts) == 1 else lambda item, told: any(part(item, told) for part in parts)


def _and(tokens: _Tokens) -> Condition:
    parts = [_not(tokens)]
    while tokens.skip("AND"):
        parts.append(_not(tokens))
    return parts[0] if len(parts) == 1 else lambda item, told: all(part(item, told) for part in parts)


def _not(tokens: _Tokens) -> Condition:
    if tokens.skip("NOT"):
        inner = _not(tokens)
        return lambda item, told: not inner(item, told)
    if tokens.skip("("):
        inner = _or(tokens)
        tokens.take(")")
        return inner
    return _function(tokens) if tokens.peek() in _FUNCTIONS else _comparison(tokens)


def _function(tokens: _Tokens) -> Condition:
    holds = _FUNCTIONS[tokens.take()]
    tokens.take("(")
    operands = [_operand(tokens)]
    while tokens.skip(","):
        operands.append(_operand(tokens))
    tokens.take(")")
    return lambda item, told: holds(*(operand(item, told) for operand in operands))


def _comparison(tokens: _Tokens) -> Condition:
    left = _operand(tokens)
    sign = tokens.take(*_COMPARED, "BETWEEN", "IN")
    if sign == "BETWEEN":
        lower = _operand(tokens)
        tokens.take("AND")
        upper = _operand(tokens)
        return lambda item, told: (
            _holds(">=", left(item, told), lower(item, told)) and _holds("<=", left(item, told), upper(item, told))
        )
    if sign == "IN":
        tokens.take("(")
        among = [_operand(tokens)]
        while tokens.skip(","):
            among.append(_operand(tokens))
        tokens.take(")")
        return lambda item, told: any(_holds("=", left(item, told), one(item, told)) for one in among)
    right = _operand(tokens)
    return lambda item, told: _holds(sign, left(item, told), right(item, told))


def _holds(sign: str, left: Attribute | None, right: Attribute | None) -> bool:
    """What is absent equals nothing; values of two types have no order."""
    if left is None or right is None:
        return sign == "<>" and left is not right
    if sign in ("=", "<>"):
        return bool(_COMPARED[sign](_comparable(left), _comparable(right)))
    return left.keys() == right.keys() and bool(_COMPARED[sign](_comparable(left)[1], _comparable(right)[1]))


def _comparable(attribute: Attribute) -> tuple[str, Any]:
    [(kind, held)] = attribute.items()
    if kind == "N":
        return kind, Decimal(held)
    if kind in ("SS", "NS", "BS"):
        return kind, frozenset(held)
    return kind, held


def _operand(tokens: _Tokens) -> Operand:
    if tokens.peek().startswith(":"):
        name = tokens.take()
        return lambda _, told: told.values[name]
    path = _path(tokens)
    return lambda item, told: at(item, path, told)


def _path(tokens: _Tokens) -> Path:
    steps: list[str | int] = [tokens.take()]
    while tokens.peek() in (".", "["):
        if tokens.take() == ".":
            steps.append(tokens.take())
        else:
            steps.append(int(tokens.take()))
            tokens.take("]")
    return tuple(steps)


def _begins_with(attribute: Attribute | None, beginning: Attribute | None) -> bool:
    return bool(attribute and beginning and "S" in attribute and attribute["S"].startswith(beginning["S"]))


def _contains(attribute: Attribute | None, part: Attribute | None) -> bool:
    if not attribute or not part:
        return False
    [(kind, held)], [(_, wanted)] = attribute.items(), part.items()
    return wanted in held if kind in ("S", "SS", "NS", "BS") else kind == "L" and part in held


_FUNCTIONS: dict[str, Callable[..., bool]] = {
    "attribute_exists": lambda attribute: attribute is not None,
    "attribute_not_exists": lambda attribute: attribute is None,
    "attribute_type": lambda attribute, kind: attribute is not None and kind["S"] in attribute,
    "begins_with": _begins_with,
    "contains": _contains,
}


def _name(step: str, told: Placeholders) -> str:
    return told.names[step] if step.startswith("#") else step


def at(item: Item, path: Path, told: Placeholders) -> Attribute | None:
    """What stands at a place of an item; None where nothing does."""
    attribute: Any = {"M": item}
    for step in path:
        if isinstance(step, int):
            held = attribute.get("L", [])
            attribute = held[step] if step < len(held) else None
        else:
            attribute = attribute.get("M", {}).get(_name(step, told))
        if attribute is None:
            return None
    found: Attribute = attribute
    return found


@cache
def projection(text: str) -> Callable[[Item, Placeholders], Item]:
    """What of an item is asked for; attributes, nothing within them."""
    names = [name.strip() for name in text.split(",")]
    if not all(re.fullmatch(r"#?\w+", name) for name in names):
        raise ExpressionError(f"asks for parts of attributes, which is not understood here: {text}")

    def projected(item: Item, told: Placeholders) -> Item:
        wanted = (_name(name, told) for name in names)
        return {name: item[name] for name in wanted if name in item}

    return projected


Step = Callable[[Item, Item, Placeholders], None]
"""Changes the second item by what the first, as it was before the update, holds."""


@cache
def update(text: str) -> tuple[Step, ...]:
    """The steps of an update, in its order."""
    tokens = _Tokens(text)
    steps: list[Step] = []
    while tokens.peek():
        clause = tokens.take("SET", "REMOVE", "ADD", "DELETE")
        steps.append(_CLAUSES[clause](tokens))
        while tokens.skip(","):
            steps.append(_CLAUSES[clause](tokens))
    return tuple(steps)


def _set(tokens: _Tokens) -> Step:
    path = _path(tokens)
    tokens.take("=")
    value = _sum(tokens)

    def step(before: Item, item: Item, told: Placeholders) -> None:
        held = value(before, told)
        if held is None:
            raise ExpressionError(f"an attribute that is not there is set: {tokens.text}")
        _place(item, path, told, held)

    return step


def _sum(tokens: _Tokens) -> Operand:
    left = _default(tokens)
    if tokens.peek() not in ("+", "-"):
        return left
    sign = 1 if tokens.take() == "+" else -1
    right = _default(tokens)

    def added(item: Item, told: Placeholders) -> Attribute:
        one, other = left(item, told), right(item, told)
        if one is None or other is None:
            raise ExpressionError(f"an attribute that is not there is added to: {tokens.text}")
        return {"N": str(Decimal(one["N"]) + sign * Decimal(other["N"]))}

    return added


def _default(tokens: _Tokens) -> Operand:
    """An operand, or `if_not_exists` of a place and another."""
    if tokens.peek() != "if_not_exists":
        return _operand(tokens)
    tokens.take()
    tokens.take("(")
    path = _path(tokens)
    tokens.take(",")
    otherwise = _operand(tokens)
    tokens.take(")")

    def held(item: Item, told: Placeholders) -> Attribute | None:
        found = at(item, path, told)
        return otherwise(item, told) if found is None else found

    return held


def _remove(tokens: _Tokens) -> Step:
    path = _path(tokens)
    return lambda _, item, told: _place(item, path, told, None)


def _add(tokens: _Tokens) -> Step:
    path, value = _path(tokens), _operand(tokens)

    def step(before: Item, item: Item, told: Placeholders) -> None:
        added, held = value(before, told), at(before, path, told)
        [(kind, more)] = (added or {}).items()
        if kind == "N":
            number = Decimal(held["N"]) if held else Decimal(0)
            _place(item, path, told, {"N": str(number + Decimal(more))})
        else:
            _place(item, path, told, {kind: sorted({*(held or {kind: ()})[kind], *more})})

    return step


def _delete(tokens: _Tokens) -> Step:
    path, value = _path(tokens), _operand(tokens)

    def step(before: Item, item: Item, told: Placeholders) -> None:
        taken, held = value(before, told), at(before, path, told)
        [(kind, fewer)] = (taken or {}).items()
        if held:
            left = sorted({*held[kind]} - {*fewer})
            _place(item, path, told, {kind: left} if left else None)  # there is no empty set

    return step


_CLAUSES: dict[str, Callable[[_Tokens], Step]] = {"SET": _set, "REMOVE": _remove, "ADD": _add, "DELETE": _delete}


def _place(item: Item, path: Path, told: Placeholders, held: Attribute | None) -> None:
    """Puts an attribute at a place of an item, or takes what is there away."""
    *way, last = path
    holder = at(item, tuple(way), told) if way else {"M": item}
    if holder is None or not isinstance(last, str) or "M" not in holder:
        raise ExpressionError(f"there is no place {path}")
    if held is None:
        holder["M"].pop(_name(last, told), None)
    else:
        holder["M"][_name(last, told)] = held

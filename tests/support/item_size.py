"""How many bytes DynamoDB counts for an item: "DynamoDB item sizes and formats" in its developer guide."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def item_size(item: Mapping[str, Any]) -> int:
    """Bytes of an item in wire format ({"name": {"S": "..."}}): the names in UTF-8 and the values."""
    return sum(len(name.encode()) + value_size(value) for name, value in item.items())


def value_size(value: Mapping[str, Any]) -> int:
    """Bytes of one value; a list or map takes 3, and 1 for each of its elements."""
    [(kind, content)] = value.items()
    match kind:
        case "S" | "N" | "B":
            return _scalar_size(kind, content)
        case "SS" | "NS" | "BS":
            return sum(_scalar_size(kind[0], element) for element in content)
        case "BOOL" | "NULL":
            return 1
        case "L":
            return 3 + sum(1 + value_size(element) for element in content)
        case "M":
            return 3 + sum(1 + len(name.encode()) + value_size(element) for name, element in content.items())
    raise ValueError(f"no DynamoDB type: {kind}")


def number_size(text: str) -> int:
    """Bytes of a number: one for every two significant digits, zeros at both ends trimmed, and one more."""
    digits = "".join(map(str, Decimal(text).as_tuple().digits)).strip("0")
    return (len(digits) + 1) // 2 + 1


def _scalar_size(kind: str, content: Any) -> int:
    if kind == "N":
        return number_size(content)
    return len(content.encode() if kind == "S" else content)

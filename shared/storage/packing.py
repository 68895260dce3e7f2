"""JSON in few bytes: every started KB of an item is paid for, and none may have more than 400."""

import json
import zlib
from typing import Any


def packed(value: Any) -> bytes:
    """A value in few bytes: texts, whole numbers, truths, None, and lists and maps of them."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode(), level=9)


def unpacked(held: bytes) -> Any:
    """What was packed. Raises TypeError or ValueError for anything else."""
    try:
        return json.loads(zlib.decompress(held))
    except (RecursionError, zlib.error) as error:
        raise ValueError("nothing was packed here") from error

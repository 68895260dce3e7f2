"""Icons as inline SVG: strokes in the colour of the text beside them, which says what they mean."""

from collections.abc import Mapping

from functions.pages.markup import Markup, tag

_SIZE = 16

_RING = "M8 1.8a6.2 6.2 0 1 0 0 12.4a6.2 6.2 0 1 0 0-12.4z"

_TICK = "M5.2 8.2l2 2l3.6-4.2"

_PATHS: Mapping[str, str] = {
    "alert": f"{_RING} M8 4.8v3.9 M8 11v.2",
    "arrow-left": "M13 8H3 M7 4L3 8l4 4",
    "arrow-right": "M3 8h10 M9 4l4 4l-4 4",
    "arrow-up": "M8 13V3 M4 7l4-4l4 4",
    "calendar": "M2.5 3.5h11v10h-11z M2.5 6.5h11 M5.5 1.8v3 M10.5 1.8v3",
    "check": f"{_RING} {_TICK}",
    "chevron": "M6 3.5L10.5 8L6 12.5",
    "clock": f"{_RING} M8 4.6V8l2.4 1.6",
    "close": "M4 4l8 8 M12 4l-8 8",
    "cross": f"{_RING} M5.8 5.8l4.4 4.4 M10.2 5.8l-4.4 4.4",
    "download": "M8 2v8 M4.5 7L8 10.5L11.5 7 M2.5 13.5h11",
    "eye": "M1.5 8C4 3.5 12 3.5 14.5 8C12 12.5 4 12.5 1.5 8z M8 6.2a1.8 1.8 0 1 0 0 3.6a1.8 1.8 0 1 0 0-3.6z",
    "kept": _TICK,
    "lock": "M3.5 7.5h9v6h-9z M5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5",
    "person": "M8 2.2a2.8 2.8 0 1 0 0 5.6a2.8 2.8 0 1 0 0-5.6z M2.8 14c.6-5.4 9.8-5.4 10.4 0",
    "pin": "M8 14.2C5 10.8 3.4 8.6 3.4 6.4a4.6 4.6 0 0 1 9.2 0c0 2.2-1.6 4.4-4.6 7.8z M8 5v2.6 M6.7 6.3h2.6",
    "plus": "M8 3v10 M3 8h10",
    "printer": "M4.5 6V2.5h7V6 M4.5 11.5h-2V6h11v5.5h-2 M4.5 9.5h7v4h-7z",
    "ring": _RING,
    "search": "M7 2.4a4.6 4.6 0 1 0 0 9.2a4.6 4.6 0 1 0 0-9.2z M10.4 10.4L14 14",
}


_ON_A_DISC = frozenset({"kept"})
"""Drawn in the colour of the paper on a disc in that of the text."""


def icon(name: str, class_: str = "") -> Markup:
    """One of the icons, by its name."""
    return tag.svg(
        tag.path(d=_RING, class_="disc") if name in _ON_A_DISC else None,
        tag.path(d=_PATHS[name]),
        viewBox=f"0 0 {_SIZE} {_SIZE}",
        width=_SIZE,
        height=_SIZE,
        class_=f"icon {class_}".strip(),
        aria_hidden="true",
    )

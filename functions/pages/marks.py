"""Small marks that stand for points: four blocks for a question, a radar for all five."""

from functions.pages.markup import Child, Markup, tag
from shared.opmm.scorecard import Scorecard
from shared.texts.words import Words

_BLOCK, _GAP, _HEIGHT = 26, 4, 12
_RADIUS, _ACROSS, _DOWN = 82, 180, 110
"""Of the radar, and where its middle lies."""
_AXES = ((0, -1000), (951, -309), (588, 809), (-588, 809), (-951, -309))
"""Where the five questions point, in thousandths."""
_ANCHORS = ("middle", "start", "start", "end", "end")


def blocks(points: int | None, most: int) -> Markup:
    """One block for each point; those that are missing are outlines, dashed when nobody has answered."""
    state = "open" if points is None else "low" if points <= most // 4 else "good"
    drawn = [
        tag.rect(
            x=1 + place * (_BLOCK + _GAP),
            y=1,
            width=_BLOCK,
            height=_HEIGHT,
            rx=2,
            class_="full" if points is not None and place < points else "empty",
        )
        for place in range(most)
    ]
    width = most * (_BLOCK + _GAP) - _GAP + 2
    return tag.svg(drawn, viewBox=f"0 0 {width} {_HEIGHT + 2}", class_=f"blocks {state}", aria_hidden="true")


def radar(card: Scorecard, earlier: Scorecard, names: list[str], days: int, *, label: str, words: Words) -> Markup:
    """Today's points over those of some months before; an unanswered question lies in the middle."""
    most = max(each.max for each in card.dimensions)
    rings = [tag.polygon(points=_shape([ring] * len(_AXES), most), class_="ring") for ring in range(1, most + 1)]
    spokes = [tag.line(x1=_ACROSS, y1=_DOWN, x2=x, y2=y, class_="ring") for x, y in map(_outer, _AXES)]
    then, now = ([each.points or 0 for each in one.dimensions] for one in (earlier, card))
    dots = [
        tag.circle(cx=x, cy=y, r=4, class_="dot")
        for x, y in (_place(axis, points, most) for axis, points in zip(_AXES, now, strict=True))
    ]
    picture = tag.svg(
        rings,
        spokes,
        tag.polygon(points=_shape(then, most), class_="earlier") if then != now else None,
        tag.polygon(points=_shape(now, most), class_="now"),
        dots,
        [_name(place, name) for place, name in enumerate(names)],
        viewBox="0 0 360 210",
        class_="radar",
        role="img",
        aria_label=label,
    )
    key: Child = (
        tag.figcaption(
            tag.span(words("today"), class_="key now"), tag.span(words("earlier", days=days), class_="key earlier")
        )
        if then != now
        else None
    )
    return tag.figure(picture, key, class_="radar")


def _name(place: int, name: str) -> Markup:
    across, down = _AXES[place]
    x, y = _ACROSS + across * (_RADIUS + 10) // 1000, _DOWN + down * (_RADIUS + 12) // 1000
    return tag.text(name, x=x, y=y + 4, text_anchor=_ANCHORS[place])


def _outer(axis: tuple[int, int]) -> tuple[int, int]:
    return _place(axis, 1, 1)


def _place(axis: tuple[int, int], points: int, most: int) -> tuple[int, int]:
    across, down = axis
    return _ACROSS + across * _RADIUS * points // (1000 * most), _DOWN + down * _RADIUS * points // (1000 * most)


def _shape(points: list[int], most: int) -> str:
    placed = (_place(axis, each, most) for axis, each in zip(_AXES, points, strict=True))
    return " ".join(f"{x},{y}" for x, y in placed)

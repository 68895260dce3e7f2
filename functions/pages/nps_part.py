"""The NPS: how high it is, how sure that is, and how it went by month."""

from collections.abc import Sequence

from functions.pages.charts import Month, columns
from functions.pages.markup import Child, tag
from shared.opmm.intervals import Interval
from shared.opmm.model import Model
from shared.opmm.next_steps import one_answer_moves
from shared.opmm.nps import Tally, interval
from shared.opmm.nps import nps as score_of
from shared.reading.scorecards import Card
from shared.texts.words import Words, plain


def nps(card: Card, months: Sequence[Interval], model: Model, words: Words) -> Child:
    """What the responses of the window say, and those of each month."""
    now = next(each for each in card.score.dimensions if each.key == "nps")
    values = [
        Month(words.month(each.first), score_of(each.counts) if each.counts.count else None, each.counts.count)
        for each in months
    ]
    names = [words.month_of_year(each.first) for each in months]
    asked = any(each.counts.count for each in months)
    return tag.section(
        tag.h2(words("nps")),
        tag.p(words("nps_none", days=model.nps_window_days), class_="hint") if now.value is None else None,
        _shares(now.tally, words) if now.tally else None,
        _certainty(now.tally, words) if now.tally else None,
        tag.p(words("nps_fragile"), class_="hint")
        if now.tally and one_answer_moves(now, model.dimension("nps"))
        else None,
        _over_time(values, months, names, words) if asked else None,
        class_="card",
    )


def _shares(counts: Tally, words: Words) -> Child:
    """The value, and how many of each kind it stands for."""
    told = [(words(kind), getattr(counts, kind), kind) for kind in ("promoters", "passives", "detractors")]
    return tag.div(
        tag.p(plain(score_of(counts)), class_="figure"),
        tag.ul(
            (tag.li(tag.span(count, class_=f"share {kind}"), f" {name}") for name, count, kind in told), class_="shares"
        ),
        class_="shares",
    )


def _certainty(counts: Tally, words: Words) -> Child:
    low, high = interval(counts)
    return tag.p(words("nps_interval", low=plain(low), high=plain(high)), class_="hint")


def _over_time(values: Sequence[Month], months: Sequence[Interval], names: Sequence[str], words: Words) -> Child:
    told = ", ".join(
        f"{name} {words('none') if each.value is None else plain(each.value)}"
        for name, each in zip(names, values, strict=True)
    )
    kinds = ("promoters", "passives", "detractors")
    headings = [tag.th(words(key), scope="col") for key in ("month", "nps", "answers", *kinds)]
    rows = [
        tag.tr(
            tag.th(name, scope="row"),
            tag.td(words("none") if value.value is None else plain(value.value)),
            tag.td(each.counts.count),
            [tag.td(getattr(each.counts, kind)) for kind in kinds],
        )
        for name, value, each in zip(names, values, months, strict=True)
    ]
    return [
        tag.p(words("nps_note"), class_="hint"),
        columns(values, words("nps_label", points=told)),
        tag.details(
            tag.summary(words("numbers")),
            tag.div(tag.table(tag.thead(tag.tr(headings)), tag.tbody(rows)), class_="scroll"),
        ),
    ]

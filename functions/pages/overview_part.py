"""The portfolio at a glance: how totals are spread, what is missing, who moved most."""

from datetime import datetime

from functions.pages.charts import histogram
from functions.pages.markup import Child, tag
from functions.pages.page_context import PageContext
from shared.opmm.model import Model
from shared.reading.overview import Overview
from shared.storage.records import Summary
from shared.texts.words import signed


def glance(counted: Overview, at: datetime, model: Model, visit: PageContext) -> Child:
    """Three cards above the table."""
    words = visit.words
    spread = ", ".join(
        words("with_total", count=clients, total=total) for total, clients in enumerate(counted.totals) if clients
    )
    figures = [
        (counted.incomplete, "count_incomplete", visit.link("/", complete="false")),
        (counted.stale, "count_stale", visit.link("/", stale="true")),
        (counted.due, "count_due", None),
    ]
    return tag.section(
        tag.div(
            tag.h2(words("distribution")),
            histogram(counted.totals, f"{words('distribution')}: {spread}."),
            class_="card",
        ),
        tag.div(
            tag.ul((_figure(count, words(key), link) for count, key, link in figures), class_="figures"),
            tag.p(words("overview_at", time=at.strftime("%H:%M")), class_="hint"),
            class_="card",
        ),
        tag.div(
            tag.h2(words("movers", days=model.discussion.days)),
            tag.ul((_mover(row, visit) for row in counted.movers), class_="movers")
            if counted.movers
            else tag.p(words("no_movers"), class_="hint"),
            class_="card",
        ),
        class_="glance",
    )


def _figure(count: int, text: str, link: str | None) -> Child:
    told = (tag.span(count, class_="figure"), " ", tag.span(text))
    return tag.li(tag.a(*told, href=link) if link and count else told)


def _mover(row: Summary, visit: PageContext) -> Child:
    return tag.li(
        move_badge(row),
        " ",
        tag.a(row.name, href=visit.link(f"/clients/{row.client_id}")),
        " ",
        tag.span(f"{row.earlier_total} \N{RIGHTWARDS ARROW} {row.total}", class_="totals"),
    )


def move_badge(row: Summary) -> Child:
    """By how many points a total moved."""
    moved = row.total - row.earlier_total
    direction = "up" if moved > 0 else "down" if moved < 0 else "still"
    return tag.span(signed(moved), class_=f"badge {direction}")

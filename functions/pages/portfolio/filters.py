"""Whose clients, the search, the order, and chips for what can be filtered and what is."""

from collections.abc import Mapping

from functions.pages.controls import Choice, button, chip, segments, set_chip
from functions.pages.icons import icon
from functions.pages.layout import PageContext
from functions.pages.markup import Child, Markup, tag
from functions.pages.portfolio.listing import LONGEST_SEARCH, Listing, orders
from functions.pages.portfolio.strip import Counts
from shared.opmm.inputs import ACTIVE
from shared.opmm.model import Model
from shared.texts.words import Words

_MOST_OWNERS = 40


def whose(listing: Listing, mine: int, all_: int, context: PageContext) -> Child:
    """Mine or all, where it is known who looks."""
    if context.person is None:
        return None
    words, asked = context.words, listing.asked
    return segments(
        [
            Choice(words("mine"), context.link("/", **{**asked, "mine": "true"}), listing.mine, mine),
            Choice(words("all"), context.link("/", **{**asked, "mine": None}), not listing.mine, all_),
        ],
        words("whose"),
    )


def search(listing: Listing, model: Model, context: PageContext) -> Markup:
    """The search and the order in one form."""
    words = context.words
    hidden = {name: value for name, value in listing.asked.items() if name not in ("q", "sort")}
    offered = [
        tag.option(_capital(order_name(sort, model, words)), value=sort, selected=sort == listing.sort)
        for sort in orders(model)
    ]
    return tag.form(
        [
            tag.input(type="hidden", name=name, value=value)
            for name, value in {**hidden, "lang": context.chosen}.items()
            if value is not None
        ],
        tag.div(
            icon("search"),
            tag.input(
                type="search",
                name="q",
                value=listing.filters.q,
                placeholder=words("find"),
                aria_label=words("find"),
                maxlength=LONGEST_SEARCH,
            ),
            class_="find",
        ),
        tag.div(tag.label(words("order"), for_="sort"), class_="order-name"),
        tag.select(offered, name="sort", id="sort"),
        button(words("show")),
        method="get",
        action="/",
        role="search",
    )


def chips(listing: Listing, counts: Counts, context: PageContext) -> Child:
    """What can be filtered, with how many of the clients of the strip it would leave."""
    words, asked = context.words, listing.asked
    offered = [
        ("due", "true", "chip_due", counts.due.count),
        ("overdue", "true", "chip_overdue", counts.overdue_clients),
        ("stale", "true", "chip_stale", counts.stale_clients),
        ("complete", "false", "chip_incomplete", counts.incomplete),
        ("described", "false", "chip_undescribed", counts.undescribed),
        ("status", "ended", "chip_ended", None),
    ]
    found: list[Markup] = [
        tag.li(chip(Choice(words(key), context.link("/", **{**asked, name: value}), count=count)))
        for name, value, key, count in offered
        if asked.get(name) is None and count != 0
    ]
    if counts.owners and listing.filters.owner is None and not listing.mine:
        found.insert(-1, tag.li(_owners(listing, counts, context)))
    return tag.ul(found, class_="chips") if found else None


def showing(listing: Listing, fitting: int, counts: Counts, context: PageContext) -> Child:
    """What is filtered by; each can be taken away, and all of them at once."""
    words, asked, names = context.words, listing.asked, listing.set_filters
    if not names:
        return None
    drawn = [
        set_chip(text, context.link("/", **{**asked, name: None}), words("remove"))
        for name, text in _said(names, words)
    ]
    told = (
        words("showing_of", count=fitting, whole=counts.count)
        if listing.status == ACTIVE
        else words.counted("showing_count", fitting)
    )
    clear = tag.a(words("clear"), href=context.link("/", sort=asked["sort"], mine=asked["mine"]))
    return tag.div(tag.span(told), drawn, clear, class_="showing")


def filters_said(listing: Listing, words: Words) -> str:
    """The filters that are set, in words."""
    return words.listed([text for _, text in _said(listing.set_filters, words)])


def order_name(sort: str, model: Model, words: Words) -> str:
    """An order in words."""
    dimension = model.find(sort)
    if dimension:
        return words("by_question", name=dimension.name[words.language])
    return words(f"by_{sort.lstrip('-') if sort != '-total' else 'most'}")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _owners(listing: Listing, counts: Counts, context: PageContext) -> Markup:
    """The owners behind one chip, so that no script is needed to choose among them."""
    choices = [
        tag.li(
            tag.a(
                owner,
                " ",
                tag.span(count, class_="count"),
                href=context.link("/", **{**listing.asked, "owner": owner}),
            )
        )
        for owner, count in counts.owners[:_MOST_OWNERS]
    ]
    return tag.details(
        tag.summary(context.words("owner"), icon("chevron"), class_="chip"),
        tag.ul(choices, class_="menu-box"),
        class_="pick",
    )


def _said(names: Mapping[str, str], words: Words) -> list[tuple[str, str]]:
    free = ("q", "owner", "max_total")
    return [
        (name, words(f"set_{name}", value=value) if name in free else words(f"set_{name}_{value}"))
        for name, value in names.items()
    ]

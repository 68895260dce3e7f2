"""The page of a partnership as its client sees it: a letter, without what the agency works with."""

from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING

from functions.pages.both_sides import BothSides
from functions.pages.history_components import trend
from functions.pages.icons import icon
from functions.pages.layout import PageContext, page
from functions.pages.letter_parts import agreements, aim_bar, aim_line, marked, next_talk, questions, summary
from functions.pages.markup import Child, Markup, tag
from functions.pages.partnership import Partnership
from functions.pages.scorecard_components import advice_list, movement, total_text
from functions.pages.sections import Section, section_of
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.opmm.advice import advice
from shared.opmm.dataclass import dataclass
from shared.opmm.model import Model
from shared.texts.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.opmm.agenda import Side

_END_OF_CALENDAR = 253_402_214_400
"""The last day of the year 9999, in seconds since 1970: a token may end later than any day has a name."""
_ADVICE = 3

MAKES_LINKS = "people:write"
"""The scope of who lets clients in."""


def may_make_links(context: PageContext) -> bool:
    """Whether the reader lets clients in."""
    return context.visitor is not None and MAKES_LINKS in context.visitor.scopes


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom the letter is for."""

    name: str | None
    agency: str | None
    until: date
    visits: bool = True
    """Whether the reader is the client; else somebody of the agency looks at what the client sees."""

    @classmethod
    def of(cls, token: Token, agency: str | None, zone: tzinfo, *, visits: bool) -> "Reader":
        """Who holds a token."""
        until = datetime.fromtimestamp(min(token.expires_at, _END_OF_CALENDAR), zone).date()
        return cls(token.name, agency, until, visits)


def draw_letter(loaded: Partnership, both: BothSides, reader: Reader, model: Model, context: PageContext) -> Response:
    """The page. Of a day that is over nothing is told of what lay ahead, nor of what was agreed since."""
    card, words = loaded.card, context.words
    name, today = card.inputs.description.name, card.score.as_of
    title = words("letter_title")
    calendar = context.link(f"/clients/{card.inputs.client_id}/next-talk.ics")
    return page(
        context,
        f"{title}, {name}",
        _preview(loaded, context) if not reader.visits else None,
        tag.header(
            tag.div(
                tag.p(_between(name, reader, words), class_="quiet"),
                tag.h1(title),
                tag.p(_lead(loaded, model, words), class_="lead"),
            ),
            tag.p(
                card.score.total,
                tag.span(
                    words("points_of", whole=card.score.max_total)
                    if card.score.complete
                    else total_text(card.score, words)
                ),
                class_="figure",
            ),
        ),
        None if loaded.past else next_talk(both, today, calendar, _whom(loaded, reader, words), words),
        tag.div((section_of(section) for section in _sections(loaded, both, reader, model, words)), class_="sections"),
        _footer(loaded, reader, context),
        class_="letter",
    )


def agency_name(reader: Reader, words: Words) -> str:
    """What the agency is called in a sentence."""
    return reader.agency or words("the_agency")


def _sections(loaded: Partnership, both: BothSides, reader: Reader, model: Model, words: Words) -> list[Section]:
    card, today = loaded.card, loaded.card.score.as_of
    said = summary(both, loaded, model, words)
    agency = agency_name(reader, words)
    sides: Mapping[Side, str] = {
        "agency": f"{agency[:1].upper()}{agency[1:]}",
        "client": card.inputs.description.name,
    }
    marks = marked(both, today, model, words)
    parts = [
        Section(
            "questions",
            words.counted("questions", len(card.score.dimensions)),
            [aim_bar(both.aim, loaded, words), questions(loaded, both, model, words)],
            note=aim_line(both.aim, today, model, words),
        ),
        None if loaded.past else Section("agreed", words("letter_agreed"), agreements(both, sides, today, words)),
        Section("talk", words("letter_about", day=words.day_of_year(both.last.talk.on, today)), said)
        if both.last
        else None,
        Section(
            "year",
            words("trend"),
            [
                trend(loaded.year, loaded.course, model, words, marks, brief=True),
                tag.p(words("letter_bubble"), class_="hint said") if marks.talks else None,
            ],
            note=words("letter_trend"),
        ),
        Section(
            "help",
            words("help_most"),
            advice_list(advice(loaded.steps, card.score, model)[:_ADVICE], (), model, words),
        ),
    ]
    return [part for part in parts if part]


def _between(name: str, reader: Reader, words: Words) -> str:
    return words("letter_between", client=name, agency=agency_name(reader, words))


def _lead(loaded: Partnership, model: Model, words: Words) -> str:
    """What the total is, how it moved, and that it is there to be talked about."""
    card = loaded.card
    moved = movement(card.score, card.earlier)
    count, each = len(model.dimensions), {dimension.max for dimension in model.dimensions}
    parts = [
        words.counted("letter_questions", count, points=words.points(each.pop()))
        if len(each) == 1
        else words.counted("letter_asked", count),
        words("letter_total", total=card.score.total, whole=total_text(card.score, words)),
    ]
    if moved.measured and moved.points:
        key = "letter_more" if moved.points > 0 else "letter_fewer"
        parts.append(words(key, number=words.number(abs(moved.points)), days=model.discussion.days))
    parts.append(words("letter_talk"))
    text = " ".join(parts)
    return text[:1].upper() + text[1:]


def _whom(loaded: Partnership, reader: Reader, words: Words) -> str:
    """Whom to ask: the person who answers for the client, and the agency; or the agency."""
    agency, owner = agency_name(reader, words), loaded.card.inputs.description.owner
    return words("letter_whom", owner=owner, agency=agency) if owner else agency


def _preview(loaded: Partnership, context: PageContext) -> Markup:
    """Says to the agency that this is the page of somebody else."""
    words, client = context.words, loaded.card.inputs.client_id
    back = tag.a(words("back"), href=context.link(f"/clients/{client}"))
    links = tag.a(words("links"), href=context.link(f"/clients/{client}/links")) if may_make_links(context) else None
    return tag.div(icon("eye"), tag.p(words("letter_here"), " ", back, " ", links), class_="strip preview", role="note")


def _footer(loaded: Partnership, reader: Reader, context: PageContext) -> Markup:
    words, client = context.words, loaded.card.inputs.client_id
    ask = words("letter_ask", whom=_whom(loaded, reader, words))
    opened: Child = None
    if reader.visits:
        key = "letter_for" if reader.name else "letter_open"
        opened = words(key, name=reader.name or "", day=words.day(reader.until))
    return tag.footer(
        tag.p(opened, " " if opened else None, words("letter_no_people"), " ", ask),
        tag.nav(
            tag.a(words("letter_model"), href=context.link("/model", client=client)),
            aria_label=words("pages"),
        ),
    )

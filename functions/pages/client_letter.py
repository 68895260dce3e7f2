"""The page of a partnership as its client sees it: a letter, without what the agency works with."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from functions.pages.history_components import ENOUGH, trend
from functions.pages.layout import PageContext, page
from functions.pages.markup import Child, Markup, tag
from functions.pages.partnership import Partnership
from functions.pages.scorecard_components import advice_list, movement, question_rows, total_text
from functions.pages.sections import Section, section_of
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.opmm.advice import advice
from shared.opmm.model import Model
from shared.texts.words import Words

_END_OF_CALENDAR = 253_402_214_400
"""The last day of the year 9999, in seconds since 1970: a token may end later than any day has a name."""
_ADVICE = 3


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


def draw_letter(loaded: Partnership, reader: Reader, model: Model, context: PageContext) -> Response:
    """The page."""
    card, words = loaded.card, context.words
    name = card.inputs.description.name
    title = words("letter_title")
    sections = [
        Section(
            "questions",
            words.counted("questions", len(card.score.dimensions)),
            question_rows(card, model, words, sources=False),
        ),
        *_counts(loaded, model, words),
        Section(
            "year",
            words("trend"),
            trend(loaded.year, loaded.course, model, words, brief=True),
            note=words("letter_trend"),
        ),
        Section(
            "help",
            words("help_most"),
            advice_list(advice(loaded.steps, card.score, model)[:_ADVICE], (), model, words),
        ),
    ]
    return page(
        context,
        f"{title}, {name}",
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
        tag.div((section_of(section) for section in sections), class_="sections"),
        _footer(loaded, reader, context),
        class_="letter",
    )


def agency_name(reader: Reader, words: Words) -> str:
    """What the agency is called in a sentence."""
    return reader.agency or words("the_agency")


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


def _counts(loaded: Partnership, model: Model, words: Words) -> list[Section]:
    """What the answers consist of, in counts: never who answered what."""
    tally = next((score.tally for score in loaded.card.score.dimensions if score.tally), None)
    if tally is None or tally.count < ENOUGH:
        return []
    parts = ", ".join(
        words.counted(f"count_{share}", getattr(tally, share)) for share in ("promoters", "passives", "detractors")
    )
    text = words("letter_counts", count=tally.count, parts=parts, days=model.nps_window_days)
    return [Section("answers", words("letter_answers"), tag.p(text, class_="serif"))]


def _footer(loaded: Partnership, reader: Reader, context: PageContext) -> Markup:
    words, client = context.words, loaded.card.inputs.client_id
    if not reader.visits:
        said: Child = words("letter_preview")
        links: Child = tag.a(words("back"), href=context.link(f"/clients/{client}"))
    else:
        agency = agency_name(reader, words)
        key = "letter_for" if reader.name else "letter_open"
        said = words(key, name=reader.name or "", day=words.day(reader.until), agency=agency)
        links = None
    return tag.footer(
        tag.p(said),
        tag.nav(
            links,
            tag.a(words("letter_model"), href=context.link("/model", client=client)),
            aria_label=words("pages"),
        ),
    )

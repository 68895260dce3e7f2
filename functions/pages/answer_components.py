"""The form that answers a question, in its row of the client's page, and what a saved answer has done."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from functions.pages.answers import NAMED, SAVE, STILL, Typed, asked_in_a_survey
from functions.pages.controls import answer_row, badge, button, saved_strip
from functions.pages.forms.drawing import Sheet, fault_below
from functions.pages.forms.reading import LONGEST_TEXT
from functions.pages.layout import PageContext, most_points
from functions.pages.marks.blocks import blocks
from functions.pages.markup import Child, Markup, tag
from functions.pages.partnership import Partnership
from functions.pages.scorecard_components import answered_on
from shared.opmm.model import Dimension, Model
from shared.opmm.scorecard import DimensionScore, scorecard
from shared.opmm.supposition import Supposition, supposing
from shared.storage.facts import Remark
from shared.texts.words import Words

_SAVED_PARTS = 7


def answer_acts(
    loaded: Partnership,
    model: Model,
    context: PageContext,
    now: datetime,
    typed: Typed | None = None,
) -> Mapping[str, Child]:
    """By question, its form behind a button; open where the address asks for it, and where it came back."""
    opened = typed.question if typed else context.request.query.get("answer")

    def act(score: DimensionScore) -> Child:
        dimension = model.dimension(score.key)
        if dimension.kind == "nps" and asked_in_a_survey(loaded.card, dimension):
            return tag.p(context.words("answer_from_survey"), class_="hint act")
        sheet = Sheet(context.words, typed.form if typed and typed.question == score.key else None, f"{score.key}-")
        words = context.words
        return answer_row(
            tag.span(words("answer_of", name=dimension.name[words.language]), class_="heard"),
            words("answer"),
            words("answer_close"),
            _form(sheet, dimension, score, loaded, model, context=context, now=now),
            open_=opened == score.key,
        )

    return {score.key: act(score) for score in loaded.card.score.dimensions}


def answer_faults(typed: Typed | None, model: Model, words: Words) -> Child:
    """What has to be mended, above the page."""
    if typed is None:
        return None
    names = {
        name: words(key)
        for name, key in {
            "on": "answered_on",
            "note": "answer_note",
            "working": "answer_working",
            "happy": "answer_happy",
            "others": "answer_others",
            "number": "answer_number",
            "nps": "answer_nps",
            "responses": "answer_responses",
        }.items()
    }
    names["answer"] = model.dimension(typed.question).name[words.language]
    return Sheet(words, typed.form, f"{typed.question}-").strip(names)


def saved_answer(said: Sequence[str], loaded: Partnership, model: Model, words: Words) -> Child:
    """What an answer has done: the totals then and now, and whether the page shows it yet."""
    dimension = model.find(said[1]) if len(said) == _SAVED_PARTS else None
    if dimension is None:
        return None
    _, key, points_before, points, before, after, answered_at = said
    name = dimension.name[words.language]
    if not answered_at:
        text = words("saved_older", name=name, after=after)
    elif not points_before:
        text = words("saved_first", name=name, points=words.points(int(points)), after=after)
    elif before == after:
        text = words("saved_same", name=name, points=words.points(int(points)), after=after)
    else:
        text = words("saved_moved", before=before, after=after, name=name)
    score = next(score for score in loaded.card.score.dimensions if score.key == key)
    follows = answered_at and (score.observed_at or "") < answered_at
    return saved_strip([text, f" {words('saved_soon')}" if follows else None])


def _form(
    sheet: Sheet,
    dimension: Dimension,
    score: DimensionScore,
    loaded: Partnership,
    model: Model,
    *,
    context: PageContext,
    now: datetime,
) -> Markup:
    return tag.form(
        sheet.hidden_id(now),
        tag.fieldset(
            tag.legend(dimension.question[sheet.words.language]),
            _inputs(sheet, dimension, score, loaded, model),
            fault_below(sheet.fault("answer"), sheet.id("answer")),
            id=sheet.id("answer"),
            class_="field wrong" if sheet.fault("answer") else None,
        ),
        _told_and_saved(sheet, score, loaded.card.score.as_of),
        _what_still_means(score, loaded, sheet.words),
        method="post",
        action=context.link(f"/clients/{loaded.card.inputs.client_id}/answers/{dimension.key}"),
        # "Still so" takes what is there, and what is not filled in is told by us, in the reader's language.
        novalidate=True,
    )


def _told_and_saved(sheet: Sheet, score: DimensionScore, today: date) -> Markup:
    """Since when it is so, a note, and the buttons."""
    words = sheet.words
    return tag.div(
        sheet.line("on", words("answered_on"), today.isoformat(), type="date", max=today.isoformat(), required=True),
        sheet.line(
            "note",
            words("answer_note"),
            hint=words("answer_note_hint"),
            placeholder=words("answer_note_example"),
            maxlength=LONGEST_TEXT,
            autocomplete="off",
        ),
        # First what Enter means.
        tag.div(
            button(words("answer_save"), name="act", value=SAVE),
            button(words("answer_still"), name="act", value=STILL) if score.value is not None else None,
            class_="acts",
        ),
        class_="answer-line",
    )


def _what_still_means(score: DimensionScore, loaded: Partnership, words: Words) -> Markup:
    day, today = answered_on(score, loaded.card), loaded.card.score.as_of
    still = (
        day
        and score.value is not None
        and words("answer_still_hint", button=words("answer_still"), day=words.day_of_year(day, today))
    )
    return tag.p(words("answer_only"), [" ", still] if still else None, class_="hint")


def _inputs(sheet: Sheet, dimension: Dimension, score: DimensionScore, loaded: Partnership, model: Model) -> Child:
    words = sheet.words
    known = loaded.behind[dimension.key].facts[:1]
    answer = known[0].answer if known else {}
    if dimension.kind == "choice":
        return _choices(sheet, dimension, score, loaded, model)
    if dimension.answers_from == "consultants":
        return tag.div(
            sheet.line("working", words("answer_working"), answer.get("working"), inputmode="numeric", size=6),
            sheet.line(
                "happy",
                words("answer_happy"),
                answer.get("happy"),
                hint=words("answer_happy_hint"),
                inputmode="numeric",
                size=6,
            ),
            class_="answer-line",
        )
    if dimension.kind == "nps":
        return tag.div(
            sheet.line("nps", words("answer_nps"), answer.get("nps"), hint=words("answer_nps_hint"), size=6),
            sheet.line(
                "responses",
                words("answer_responses"),
                answer.get("responses"),
                hint=words("optional"),
                inputmode="numeric",
                size=6,
            ),
            class_="answer-line",
        )
    return _names(sheet, dimension, score, loaded)


def _names(sheet: Sheet, dimension: Dimension, score: DimensionScore, loaded: Partnership) -> Child:
    """The names that were ever told lately, those of the present answer checked; others; or a number."""
    words = sheet.words
    facts = loaded.behind[dimension.key].facts
    told = [loaded.remarks.get(fact.fact_id, Remark()).names for fact in facts]
    present = told[0] if told else ()
    known = list(dict.fromkeys(name for names in told for name in names))
    boxes = [sheet.box(f"{NAMED}{place}", name, known=name in present, value=name) for place, name in enumerate(known)]
    return [
        tag.div(boxes, class_="boxes") if boxes else None,
        tag.div(
            sheet.line(
                "others",
                words("answer_others") if known else words("answer_names"),
                hint=words("answer_others_hint"),
                autocomplete="off",
            ),
            sheet.line(
                "number",
                words("answer_number"),
                None if present else score.value,
                hint=words("answer_number_hint"),
                inputmode="numeric",
                size=6,
            ),
            class_="answer-line",
        ),
    ]


def _choices(sheet: Sheet, dimension: Dimension, score: DimensionScore, loaded: Partnership, model: Model) -> Markup:
    """What can be answered, each with its points and the total that it would make."""
    words, card = sheet.words, loaded.card
    chosen = sheet.value("answer", score.value)

    def choice(answer: str) -> Markup:
        band, present = dimension.band_of(answer), answer == score.value
        supposed = supposing(card.inputs, model, Supposition({dimension.key: answer}), card.score.as_of)
        total = scorecard(supposed, model, card.score.as_of).total
        difference = badge(total - card.score.total) if score.points is not None else None
        text = band.text[words.language]
        low = model.discussion.is_low(band.points)
        return tag.label(
            tag.input(type="radio", name="answer", value=answer, checked=answer == chosen),
            tag.span(
                tag.strong(text[:1].upper() + text[1:]),
                tag.span(
                    blocks(band.points, dimension.max, most_points(model), low=low, size="choice"),
                    words.points(band.points),
                    class_="worth",
                ),
                tag.span(
                    words("answer_now") if present else [difference, " ", words("answer_total", total=total)],
                    class_="worth",
                ),
            ),
            class_="choice",
        )

    return tag.div((choice(answer) for answer in dimension.answers), class_="choices")

"""The page with the form."""

from datetime import datetime, timedelta, tzinfo
from http import HTTPStatus
from urllib.parse import quote

from functions.pages.controls import badge, fault_strip
from functions.pages.icons import icon
from functions.pages.layout import PageContext, page, talk_script
from functions.pages.markup import Child, Markup, tag
from functions.pages.scorecard_components import advice_text, total_text
from functions.pages.talk.form import MOST_AGREEMENTS, id_of, is_row_empty, rows_of
from functions.pages.talk.inputs import Filling, keep_button
from functions.pages.talk.loading import ANOTHER, Loaded
from functions.pages.talk.questions import placed, questions_card
from functions.pages.talk.start import MONTHS, expected_by
from shared.http.requests import Response
from shared.opmm.calendar import calendar
from shared.opmm.dataclass import dataclass
from shared.opmm.model import Model
from shared.opmm.persons import person_key
from shared.reading.scorecards import Card
from shared.texts.sentences import reason_text
from shared.texts.words import Words

FORM = "talk"
"""The id of the form, by which buttons outside of it belong to it."""

_SOON = timedelta(days=270)
"""For how long ahead a loss is worth planning a talk before it."""

_LATEST = 5
"""Talks whose ids the script is told, so that it knows what has arrived."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How far the form is kept."""

    version: int = 0
    """The version of the draft that the form goes on from; 0 for none."""
    at: datetime | None = None
    editor: str = ""
    """Tells editors apart who share a browser, and says nothing of them."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a form was not saved or kept, where it is no field that is wrong: the reader may do so all the same."""

    text: str
    look: str = ""
    """The address of what is in the way; empty where there is nothing to look at."""


@dataclass(frozen=True, slots=True)
class TalkDrawing:
    """Draws the page of one talk."""

    context: PageContext
    loaded: Loaded
    model: Model
    zone: tzinfo
    then: Card
    """The scorecard with what was filled in."""
    kept: Kept

    def page(self, filling: Filling, trouble: Trouble | None = None, status: int = HTTPStatus.OK) -> Response:
        """The whole page."""
        words, loaded = filling.words, self.loaded
        name = loaded.card.inputs.description.name
        title = words("talk_title", name=name)
        return page(
            self.context,
            title,
            tag.form(
                self._head(filling, title),
                self._strips(filling, trouble),
                tag.div(
                    tag.div(self._parts(filling), class_="parts"),
                    tag.aside(self._beside(filling), aria_label=words("talk_beside")),
                    class_="conversation",
                ),
                self._bar(filling),
                filling.hidden("talk_id", "about", "known", "rows", "next_id"),
                tag.input(type="hidden", name="version", value=self.kept.version),
                method="post",
                action=self.context.link(self.context.request.path, talk=self.context.request.query.get("talk")),
                id=FORM,
                data_key=f"{loaded.client_id}/{filling.text('about')}/{self.kept.editor}",
                data_version=self.kept.version,
                data_unkept=status != HTTPStatus.OK and self.kept.at is None,
                data_told=" ".join(quote(known.talk.talk_id) for known in loaded.talks[:_LATEST]),
            ),
            status=status,
            keeps=FORM,
            script=f"/talk.js?v={talk_script()[1]}",
        )

    def _head(self, filling: Filling, title: str) -> Markup:
        words = filling.words
        home = self.context.link(f"/clients/{self.loaded.client_id}")
        kept = None
        if self.kept.at:
            at = self.kept.at.astimezone(self.zone)
            day = "" if at.date() == filling.today else f"{words.near(at.date(), filling.today)}, "
            kept = [
                tag.span(words("talk_kept", at=f"{day}{at:%H:%M}"), id="kept"),
                keep_button(words("talk_start_over"), "discard", "way"),
            ]
        return tag.header(
            tag.div(
                keep_button([icon("arrow-left"), tag.span(words("talk_leave"))], home, "way crumb"),
                tag.span(kept, class_="kept") if kept else None,
                class_="above",
            ),
            tag.h1(title),
            self._lead(words),
            class_="title",
        )

    def _lead(self, words: Words) -> Child:
        """Which talk it is, and the way to another one."""
        talk, loaded = self.loaded.talk, self.loaded
        if talk is None:
            return None
        day = words.weekday(talk.talk.on, loaded.today)
        if loaded.status == "held":
            return tag.p(words("talk_was_held", day=day), class_="lead")
        another = self.context.link(f"/clients/{loaded.client_id}/talk", talk=ANOTHER)
        key = "talk_was_planned" if loaded.status == "planned" else "talk_not_held"
        return tag.p(
            words(key, day=day), " ", keep_button(words("talk_is_another"), another, "way link"), class_="lead"
        )

    def _strips(self, filling: Filling, trouble: Trouble | None) -> Child:
        words = filling.words
        strips: list[Child] = [
            tag.div(
                icon("clock"),
                tag.p(words("talk_typed_since"), " ", tag.span(id="typed-at")),
                tag.button(words("talk_take_back"), type="button", id="take-back", class_="button small"),
                tag.button(words("talk_throw_away"), type="button", id="throw-away", class_="button small"),
                class_="strip",
                id="typed",
                role="status",
                hidden=True,
            )
        ]
        if trouble:
            look = tag.a(words("talk_look"), href=trouble.look) if trouble.look else None
            strips.append(tag.div(icon("alert"), tag.p(trouble.text, " ", look), class_="strip fault", role="alert"))
        if filling.faults:
            faults = {fault.name: fault for fault in reversed(filling.faults)}
            places = [(filling.place_of(fault), id_of(fault.name)) for fault in reversed(faults.values())]
            text = [tag.strong(words.counted("talk_to_mend", len(places)))]
            ends = [","] * (len(places) - 1) + ["."]
            strips.append(
                fault_strip(text, [(f"{name}{end}", field) for (name, field), end in zip(places, ends, strict=True)])
            )
        return strips

    def _parts(self, filling: Filling) -> Child:
        words = filling.words
        count = len(self.model.dimensions)
        return [
            _part(1, "who", words("talk_part_who"), self._who(filling)),
            _part(
                2,
                "together",
                words.counted("talk_part_questions", count),
                questions_card(filling, self.loaded, self.then),
                words("talk_part_questions_note"),
            ),
            _part(
                3, "agreements", words("talk_part_agreed"), self._agreements(filling), words("talk_part_agreed_note")
            ),
            _part(4, "again", words("talk_part_next"), self._next(filling)),
            _part(5, "texts", words("talk_part_texts"), self._texts(filling)),
        ]

    def _who(self, filling: Filling) -> Markup:
        words = filling.words
        ticked = {
            int(name.removeprefix("who.is.")): value
            for name, value in filling.fields.items()
            if name.startswith("who.is.")
        }
        known = {person_key(name) for name in ticked.values()}
        offered = placed(ticked, [name for name in self.loaded.people if person_key(name) not in known])
        ticks = [filling.tick(f"who.is.{place}", name, name) for place, name in enumerate(offered) if name]
        wrong = filling.is_wrong("who.else")
        return tag.div(
            filling.field("held", words("talk_held"), filling.input("held", type_="date")),
            tag.fieldset(
                tag.legend(words("talk_people")),
                tag.div(
                    ticks,
                    filling.input(
                        "who.else",
                        placeholder=words("talk_someone_else"),
                        aria_label=words("talk_someone_else"),
                        class_="another",
                        autocomplete="off",
                    ),
                    class_="options wrong" if wrong else "options",
                ),
                tag.p(words("talk_someone_hint"), class_="hint"),
                filling.fault("who.else"),
            ),
            class_="talked",
        )

    def _agreements(self, filling: Filling) -> Markup:
        words = filling.words
        rows = rows_of(filling.fields)
        last = max((row for row in range(1, MOST_AGREEMENTS + 1) if not is_row_empty(filling.fields, row)), default=0)
        shown = range(1, max(rows, last) + 1)
        unseen = [f"a{row}.{name}" for row in range(len(shown) + 1, MOST_AGREEMENTS + 1) for name in ("id", "side")]
        return tag.div(
            tag.ol((self._agreement(filling, row) for row in shown), class_="rows"),
            filling.hidden(*unseen),
            self._take_over(filling, words, full=last == MOST_AGREEMENTS, more=len(shown) < MOST_AGREEMENTS),
            class_="card agreeing",
        )

    def _agreement(self, filling: Filling, row: int) -> Markup:
        words, name = filling.words, f"a{row}"
        sides = [("agency", words("talk_agency")), ("client", words("talk_client"))]
        side = filling.text(f"{name}.side") or "agency"
        what = filling.input(
            f"{name}.title", placeholder=words("talk_will_be_done"), aria_label=words("talk_row_what", row=row)
        )
        wrong = filling.is_wrong(f"{name}.title")
        return tag.li(
            tag.span(row, class_="place", aria_hidden="true"),
            tag.div(what, filling.fault(f"{name}.title"), class_="field what wrong" if wrong else "field what"),
            tag.div(
                tag.fieldset(
                    tag.legend(words("talk_side"), tag.span(f", {words('talk_row', row=row)}", class_="heard")),
                    tag.div(
                        [
                            (
                                tag.input(
                                    type="radio",
                                    name=f"{name}.side",
                                    value=value,
                                    id=f"{name}-{value}",
                                    checked=side == value,
                                ),
                                tag.label(text, for_=f"{name}-{value}"),
                            )
                            for value, text in sides
                        ],
                        class_="segments picks",
                    ),
                    class_="field",
                ),
                filling.field(f"{name}.who", self._row_label(words, "talk_who", row), filling.input(f"{name}.who")),
                filling.field(
                    f"{name}.due", self._row_label(words, "talk_due", row), filling.input(f"{name}.due", type_="date")
                ),
                filling.field(
                    f"{name}.moves",
                    self._row_label(words, "talk_moves", row),
                    filling.select(f"{name}.moves", self._moves(filling, f"{name}.moves")),
                ),
                filling.hidden(f"{name}.id"),
                class_="details",
            ),
        )

    def _row_label(self, words: Words, key: str, row: int) -> Child:
        return [words(key), tag.span(f", {words('talk_row', row=row)}", class_="heard")]

    def _moves(self, filling: Filling, name: str) -> list[tuple[str, str]]:
        """What an agreement can be expected to bring: more points of a question than it has."""
        words = filling.words
        options = [("", words("talk_no_question"))]
        for score in self.loaded.card.score.dimensions:
            dimension = self.model.dimension(score.key)
            worth = sorted({band.points for band in dimension.bands if band.points > (score.points or 0)})
            text = dimension.name[words.language]
            options += [(f"{score.key}:{points}", words("talk_to", name=text, points=points)) for points in worth]
        chosen = filling.text(name)
        key, _, points = chosen.partition(":")
        asked = self.model.find(key)
        if chosen not in dict(options) and asked:
            options.append((chosen, words("talk_to", name=asked.name[words.language], points=points)))
        return options

    def _take_over(self, filling: Filling, words: Words, *, full: bool, more: bool) -> Child:
        """What would help most, by a click in a row; and another row."""
        taken = {filling.text(f"a{row}.moves") for row in range(1, MOST_AGREEMENTS + 1)}
        chips = [
            keep_button(
                [
                    icon("plus"),
                    advice_text(one, self.model, words),
                    badge(one.points) if one.points is not None else None,
                ],
                f"take.{one.dimension}",
                "chip",
            )
            for one in self.loaded.advised
            if not full and (expected_by(one, self.loaded) or one.dimension) not in taken
        ]
        if more:
            chips.append(keep_button([icon("plus"), words("talk_another_row")], "row", "chip"))
        if not chips:
            return None
        heading = tag.p(words("talk_take_over"), class_="small") if len(chips) > more else None
        return tag.div(heading, tag.div(chips, class_="chips"), class_="sunk")

    def _next(self, filling: Filling) -> Markup:
        words = filling.words
        planned = self.loaded.next_talk
        hint = words("talk_next_planned", day=words.weekday(planned.talk.on, filling.today)) if planned else None
        return tag.div(
            filling.field("next", words("talk_next"), filling.input("next", type_="date")),
            tag.div(
                [keep_button(words("talk_in_months", months=months), f"in.{months}", "chip") for months in MONTHS],
                class_="chips",
            ),
            tag.p(hint or self._before(words), class_="hint"),
            class_="again",
        )

    def _before(self, words: Words) -> Child:
        """The first day on which time alone takes points: the talk is better before that."""
        card = self.loaded.card
        ahead = calendar(card.inputs, card.planned.agenda, self.model, self.loaded.today)
        loss = next((entry for entry in ahead if entry.kind == "window" and entry.points < 0), None)
        if loss is None or loss.day > self.loaded.today + _SOON:
            return None
        name = self.model.dimension(loss.dimension or "").name[words.language]
        day = words.day_of_year(loss.day, self.loaded.today)
        return words("talk_before", day=day, name=name, points=words.points(-loss.points))

    def _texts(self, filling: Filling) -> Markup:
        words = filling.words

        def text(name: str, icon_name: str, class_: str) -> Markup:
            wrong = filling.is_wrong(name)
            return tag.div(
                tag.label(icon(icon_name), words(f"talk_{name}"), for_=id_of(name)),
                tag.p(words(f"talk_{name}_note"), class_="hint", id=f"{name}-note"),
                filling.area(name, rows=6),
                filling.fault(name),
                class_=f"field note {class_}{' wrong' if wrong else ''}",
            )

        return tag.div(text("summary", "eye", "shared"), text("internal", "lock", "inside"), class_="notes")

    def _beside(self, filling: Filling) -> Child:
        words, card = filling.words, self.loaded.card
        reasons = [
            tag.li(
                reason_text(reason, self.model, words.language).rstrip("."),
                class_="still" if reason.key == "stale" else None,
            )
            for reason in card.reasons
        ]
        open_actions = card.planned.agenda.open_actions(filling.today)
        actions = [
            tag.li(
                icon("alert" if action.due < filling.today else "ring", "low" if action.due < filling.today else ""),
                tag.div(
                    tag.p(action.title),
                    tag.p(
                        " \N{MIDDLE DOT} ".join(
                            filter(None, (words.day_of_year(action.due, filling.today), action.who))
                        ),
                        class_="hint",
                    ),
                ),
            )
            for action in open_actions
        ]
        return [
            _aside(
                words("talk_topics"), tag.ol(reasons, class_="talk-topics") if reasons else _quiet(words("no_reasons"))
            ),
            _aside(
                words("talk_open"), tag.ul(actions, class_="open") if actions else _quiet(words("talk_nothing_open"))
            ),
            _aside(words("talk_with_answers"), self._total(words)),
        ]

    def _total(self, words: Words) -> Child:
        """The total with these answers; the goal; and that it is counted when the form is kept."""
        now, then = self.loaded.card.score, self.then.score
        goal = self.loaded.card.planned.agenda.goal()
        aim = None
        if goal and goal.dimension is None:
            day = words.day_of_year(goal.by, self.loaded.today)
            left = goal.points - then.total
            aim = (
                words.counted("talk_goal", left, points=goal.points, day=day)
                if left > 0
                else words("talk_goal_reached", points=goal.points)
            )
        moved = then.total - now.total
        return [
            tag.p(
                tag.strong(then.total), " ", total_text(then, words), " ", badge(moved) if moved else None, class_="sum"
            ),
            tag.p(aim, " " if aim else None, words("talk_counted"), class_="hint"),
        ]

    def _bar(self, filling: Filling) -> Markup:
        words = filling.words
        return tag.div(
            tag.p(words("talk_at_once"), class_="hint"),
            tag.div(
                keep_button(words("talk_keep"), "later", "button outlined"),
                tag.button(words("talk_save"), name="save", value="1", class_="button filled"),
                class_="acts",
            ),
            class_="sticky",
        )


def _part(place: int, id_: str, title: str, content: Child, note: str | None = None) -> Markup:
    return tag.section(
        tag.div(
            tag.h2(tag.span(f"{place} ", class_="place"), title),
            tag.p(note, class_="hint") if note else None,
            class_="heading",
        ),
        content,
        id=id_,
        aria_label=title,
    )


def _aside(title: str, content: Child) -> Markup:
    return tag.section(tag.h2(title), content)


def _quiet(text: str) -> Markup:
    return tag.p(text, class_="hint")

"""Sets a goal for a client, and withdraws those that stand."""

from datetime import date
from typing import Any

from functions.pages.forms.drawing import WITHDRAW, Sheet, form_page, save_or_cancel, sheet_form, withdrawable
from functions.pages.forms.reading import FORM, Form
from functions.pages.forms.saying import Saying
from functions.pages.layout import PageContext
from functions.pages.markup import Child, Markup, tag
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.opmm.agenda import Goal
from shared.opmm.dataclass import dataclass
from shared.storage.fact_items import StoredFact
from shared.storage.records import Scored
from shared.texts.words import Words

TOTAL = "total"
"""Stands for no question."""
_FIELDS = {"of": "goal_of", "points": "goal_points", "by": "goal_by"}


@dataclass(frozen=True, slots=True)
class GoalForm:
    """`/clients/{client_id}/goal`."""

    saying: Saying

    def show(self, context: PageContext, token: Token, client_id: str) -> Response:
        """`GET`: the goals that stand, and the form for another one."""
        return self._draw(context, self.saying.visit(token, client_id), None)

    def respond(self, context: PageContext, token: Token, client_id: str) -> Response:
        """`POST`: sets a goal, or withdraws the one of `id`; leads back to the client."""
        saying = self.saying
        scored = saying.admit(context, token, client_id)
        form = Form(context.request.form())
        withdraws = form.raw("act") == WITHDRAW
        fact = saying.standing(scored, form.raw("id"), "goal")[0] if withdraws else None
        data = {**_data_of(fact), "withdrawn": True} if fact else self._read(form)
        if not form.faults:
            if saying.say(
                scored, token, [saying.event(scored, "goal.set", data, WITHDRAW if withdraws else form.id, fact)]
            ):
                return saying.saved(context, scored, ["no_goal" if withdraws else "goal"])
            form.refuse(FORM, "fault_overtaken")
        return self._draw(context, scored, form)

    def _read(self, form: Form) -> dict[str, Any]:
        cards = self.saying.cards
        model = cards.model
        form.drawn(cards.clock())
        of = form.choice("of", [TOTAL, *model.keys])
        dimension = model.find(of) if of else None
        points = form.number("points", 1, dimension.max if dimension else model.max_total)
        by = form.day("by")
        if by and by <= cards.today():
            form.refuse("by", "fault_over")
        return {
            "goal_id": form.id,
            "dimension": dimension.key if dimension else None,
            "points": points,
            "by": by.isoformat() if by else None,
        }

    def _draw(self, context: PageContext, scored: Scored, form: Form | None) -> Response:
        cards, words, client = self.saying.cards, context.words, scored.inputs.client_id
        card = cards.current(scored)
        sheet = Sheet(words, form if form and form.raw("act") != WITHDRAW else None)
        action = context.link(f"/clients/{client}/goal")
        questions = [(dimension.key, dimension.name[words.language]) for dimension in cards.model.dimensions]
        goals = [goal for goal in card.planned.agenda.goals if not goal.withdrawn]
        now = words("goal_now", name=_name(None, questions, words), points=card.score.total)
        return form_page(
            context,
            scored,
            words("goal_form"),
            words("goal_lead"),
            Sheet(words, form).strip({name: words(key) for name, key in _FIELDS.items()}),
            sheet_form(
                action,
                sheet.hidden_id(cards.clock()),
                sheet.select("of", words("goal_of"), [(TOTAL, words("goal_total")), *questions], TOTAL),
                tag.div(
                    sheet.line("points", words("goal_points"), hint=now, inputmode="numeric", size=4, required=True),
                    sheet.line("by", words("goal_by"), type="date", required=True),
                    class_="sheet-line",
                ),
                save_or_cancel(words("goal_form"), context.link(f"/clients/{client}"), words),
            ),
            _standing(goals, questions, action, card.score.as_of, words) if goals else None,
        )


def _standing(goals: list[Goal], questions: list[tuple[str, str]], action: str, today: date, words: Words) -> Child:
    """The goals that stand, each with a way to withdraw it."""

    def row(goal: Goal) -> Markup:
        name = _name(goal.dimension, questions, words)
        text = words("goal_row", name=name, points=words.points(goal.points), day=words.day_of_year(goal.by, today))
        return withdrawable(action, goal.fact_id, text, words, tag.span(text))

    return tag.section(tag.h2(words("goals_now")), tag.ul(map(row, goals), class_="rows withdrawable"), class_="after")


def _name(dimension: str | None, questions: list[tuple[str, str]], words: Words) -> str:
    text = dict(questions).get(dimension, "") if dimension else words("goal_total")
    return text[:1].upper() + text[1:]


def _data_of(fact: StoredFact) -> dict[str, Any]:
    """A goal as its event tells it."""
    return {name: fact.answer.get(name) for name in ("goal_id", "dimension", "points", "by")}

"""What was filled in as events: the talk, the answers, the agreements and the next date, to be taken as one."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, tzinfo
from typing import Any

from functions.pages.forms.saying import SOURCE
from functions.pages.talk.form import Said
from functions.pages.talk.loading import KnownTalk, Loaded
from shared.opmm.dataclass import dataclass
from shared.opmm.model import Model
from shared.opmm.supposition import Supposition
from shared.opmm.timestamps import rfc3339
from shared.reading.scorecards import Card, Cards

_NOON = time(12)


@dataclass(frozen=True, slots=True)
class Telling:
    """Makes the events of one form, which may be told at any time of a day."""

    said: Said
    loaded: Loaded
    on: date
    now: datetime
    zone: tzinfo
    next_id: str

    def events(self) -> list[dict[str, Any]]:
        """All of them; a question that was not discussed is left out, and what has not changed is not told again."""
        told = [*self._talk(), *self._answers(), *self._count(), *self._agreed(), *self._next()]
        return [
            {
                "specversion": "1.0",
                "type": type_,
                "source": source,
                "id": f"talk-{rfc3339(self.now)}-{place}",
                "subject": self.loaded.client_id,
                "time": rfc3339(self.now),
                "data": {key: value for key, value in data.items() if value not in (None, "", [])},
            }
            for place, (type_, source, data) in enumerate(told)
        ]

    def _talk(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """The talk itself, under the source that has planned it."""
        known, said = self.loaded.talk, self.said
        source = known.fact.source if known else SOURCE
        data = {"talk_id": said.talk_id, "on": self.on.isoformat(), "with": list(said.people)}
        yield "talk.recorded", source, {**data, "summary": said.summary, "internal": said.internal}

    def _answers(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        said, loaded = self.said, self.loaded
        before = loaded.talk.talk.on if loaded.talk and loaded.told else None
        if not said.answers or (said.answers == loaded.told and before == self.on):
            return
        answers = {key: list(answer) if isinstance(answer, tuple) else answer for key, answer in said.answers.items()}
        yield (
            "survey.answered",
            SOURCE,
            {"survey_id": said.talk_id, "answered_at": self._at(before), "answers": answers},
        )

    def _at(self, before: date | None) -> str:
        """When it was answered: now where the talk is held today, else at noon of its day."""
        if self.loaded.told_at and before == self.on:
            return self.loaded.told_at
        if self.on == self.loaded.today:
            return rfc3339(self.now)
        return rfc3339(datetime.combine(self.on, _NOON, self.zone))

    def _count(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        if self.said.counted:
            working, happy = self.said.counted
            yield "consultants.counted", SOURCE, {"working": working, "happy": happy, "as_of": self.on.isoformat()}

    def _agreed(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        for agreement in self.said.agreements:
            dimension, points = agreement.expects or (None, None)
            yield (
                "action.agreed",
                SOURCE,
                {
                    "action_id": agreement.action_id,
                    "title": agreement.title,
                    "side": agreement.side,
                    "who": agreement.who,
                    "agreed_on": self.on.isoformat(),
                    "due": agreement.due.isoformat(),
                    "talk_id": self.said.talk_id,
                    "expects": {"dimension": dimension, "points": points} if dimension else None,
                },
            )

    def _next(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """The next talk, or the one that was planned already on another day, with all that was said of it."""
        on, planned = self.said.next_on, self._planned()
        if on is None or (planned and planned.talk.on == on):
            return
        data = {"talk_id": self.next_id, "on": on.isoformat()}
        if planned:
            kept = {"summary": planned.text("summary"), "internal": planned.text("internal")}
            yield "talk.recorded", planned.fact.source, {**data, "with": list(planned.people), **kept}
        else:
            yield "talk.recorded", SOURCE, data

    def _planned(self) -> KnownTalk | None:
        return next((known for known in self.loaded.talks if known.talk.talk_id == self.next_id), None)


def supposed(said: Said, card: Card, model: Model) -> Supposition:
    """What the scorecard would say with these answers: one that is older than what stands changes nothing."""
    on = said.on or card.score.as_of
    answers = card.inputs.answers
    counting = {
        key: value
        for key, value in said.values(model).items()
        if model.dimension(key).holds(value) and (key not in answers or answers[key].day <= on)
    }
    return Supposition(counting)


def with_answers(said: Said, card: Card, cards: Cards) -> Card:
    """The scorecard with what was answered in the talk."""
    return cards.supposing(card, supposed(said, card, cards.model))

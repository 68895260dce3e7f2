"""A digest as a message: in words for people, and as a document for machines."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from shared.destinations.message import Line, Message, Section
from shared.destinations.phrases import client_address, move_text, question_text
from shared.opmm.dataclass import dataclass
from shared.opmm.digest import MOST_NAMED, Agreement, Coming, Digest, Moved, Silent, TalkDue
from shared.opmm.model import Model
from shared.texts.calendar_texts import entry_text
from shared.texts.sentences import reason_text
from shared.texts.words import Words, signed

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class DigestTexts:
    """Says what stands in a digest."""

    told: Digest
    model: Model
    words: Words
    pages: str
    """The address of the pages, with a slash behind it."""

    @property
    def title(self) -> str:
        """Which days it is of."""
        until = self.words.day(self.told.until)
        if self.told.since == self.told.until:
            return self.words("digest_title_day", until=until)
        return self.words("digest_title", since=self.words.day_of_year(self.told.since, self.told.until), until=until)

    @property
    def number(self) -> str:
        """The one number of the portfolio, and how it moved."""
        told, words = self.told, self.words
        if not told.clients:
            return words("digest_no_clients")
        moved = _tenths(told.points - told.points_before, told.clients)
        key = "digest_up" if moved > 0 else "digest_down" if moved < 0 else "digest_level"
        return words.counted(
            "digest_number",
            told.clients,
            average=self._decimal(_tenths(told.points, told.clients)),
            max=self.model.max_total,
            moved=words(key, points=self._decimal(abs(moved))),
        )

    def sections(self) -> tuple[Section, ...]:
        """What is told, the weightiest first; one line where nothing is new."""
        told, words = self.told, self.words
        if not told.has_news:
            lines = [Line(f"{words('digest_no_news')} {self.number}", self.pages)]
            if told.pauses:
                lines.append(Line(words("digest_pauses", number=words.number(told.without_news))))
            return (Section(None, tuple(lines)),)
        found = (
            Section(None, (Line(self.number, self.pages),)),
            self._section("digest_falls", told.falls, self.moved),
            self._section("digest_rises", told.rises, self.moved),
            self._section("digest_answered", told.answered, self._answered),
            self._section("digest_talks", told.talks, self._talk),
            self._section("digest_agreements", told.agreements, self._agreement),
            self._section("digest_stale", told.stale, self._coming),
            self._section("digest_coming", told.coming, self._coming),
            self._section("digest_silent", told.silent, self._source),
            self._section("digest_undelivered", told.undelivered, Line),
            Section(words("digest_also"), tuple(self._also())),
        )
        return tuple(section for section in found if section.lines)

    def moved(self, moved: Moved) -> Line:
        """By how much, to where, in which questions, and why."""
        words = self.words
        why = words(
            "digest_moved_questions",
            questions=words.listed([move_text(move, self.model, words) for move in moved.moves]),
            causes=words.listed([words(f"by_{cause}") for cause in moved.causes]),
        )
        return self._moved("digest_moved", moved, points=signed(moved.points), why=why)

    def _answered(self, moved: Moved) -> Line:
        words = self.words
        questions = [
            words(
                "digest_answer",
                name=question_text(move.key, self.model, words.language),
                points=words.points(move.after.points or 0),
            )
            for move in moved.answered
        ]
        return self._moved("digest_first", moved, questions=words.listed(questions))

    def _moved(self, key: str, moved: Moved, **values: str) -> Line:
        return self._line(key, moved, total=moved.total, max=self.model.max_total, **values)

    def _talk(self, talk: TalkDue) -> Line:
        words = self.words
        planned = (
            words("digest_talk_planned", day=words.day_of_year(talk.next_talk, self.told.until))
            if talk.next_talk
            else words("digest_talk_not_planned")
        )
        reason = reason_text(talk.reason, self.model, words.language)
        line = self._line("digest_talk", talk, reason=reason)
        return Line(f"{line.text}{'' if line.text.endswith('.') else '.'} {planned}", line.link)

    def _agreement(self, agreement: Agreement) -> Line:
        words, agreed = self.words, agreement.agreed
        side, days = words(f"side_{agreed.side}"), (self.told.until - agreed.due).days
        if agreement.late:
            key = "digest_late_one" if days == 1 else "digest_late"
            return self._line(key, agreement, title=agreed.title, days=days, side=side)
        day = words.day_of_year(agreed.due, self.told.until)
        return self._line("digest_due", agreement, title=agreed.title, day=day, side=side)

    def _coming(self, coming: Coming) -> Line:
        text = entry_text(coming.entry, self.model, self.words.language)
        day = self.words.day_of_year(coming.entry.day, self.told.until)
        return self._line("digest_on_day", coming, text=text, day=day)

    def _source(self, silent: Silent) -> Line:
        if silent.days is None:
            return Line(self.words("digest_source_never", source=silent.source))
        return Line(self.words.counted("digest_source", silent.days, source=silent.source, days=silent.days))

    def _also(self) -> Iterable[Line]:
        if self.told.told_late:
            yield Line(self.words.counted("digest_told_late", self.told.told_late))
        if self.told.remade:
            yield Line(self.words.counted("digest_remade", self.told.remade))

    def _section(self, heading: str, told: Sequence[_T], line: Callable[[_T], Line]) -> Section:
        lines = [line(each) for each in told[:MOST_NAMED]]
        beyond = len(told) - MOST_NAMED
        if beyond > 0:
            lines.append(Line(self.words("digest_more", count=beyond), self.pages))
        return Section(self.words(heading), tuple(lines))

    def _line(self, key: str, about: Moved | TalkDue | Agreement | Coming, **values: str | int) -> Line:
        return Line(self.words(key, name=about.name, **values), client_address(self.pages, about.client_id))

    def _decimal(self, tenths: int) -> str:
        text = f"{abs(tenths) // 10}.{abs(tenths) % 10}"
        return text.replace(".", ",") if self.words.language == "nl" else text


def digest_message(message_id: str, told: Digest, *, at: datetime, model: Model, language: str, pages: str) -> Message:
    """A digest in one language; the same for the same digest, whenever it is made."""
    texts = DigestTexts(told, model, Words(language), pages)
    return Message(
        id=message_id,
        kind="digest",
        occurred_at=at,
        title=texts.title,
        sections=texts.sections(),
        data={"id": message_id, **digest_document(told)},
        link=pages,
    )


def digest_document(told: Digest) -> Mapping[str, Any]:
    """A digest for machines: every list whole, days as ISO dates, no words."""
    return {
        "since": told.since.isoformat(),
        "until": told.until.isoformat(),
        "clients": told.clients,
        "points": told.points,
        "points_before": told.points_before,
        "news": told.has_news,
        "falls": [_moved_document(each) for each in told.falls],
        "rises": [_moved_document(each) for each in told.rises],
        "first_answers": [_moved_document(each) for each in told.answered],
        "talks_due": [
            {
                "client_id": each.client_id,
                "name": each.name,
                "reason": each.reason.key,
                "dimension": each.reason.dimension,
                "planned_on": _iso(each.next_talk),
            }
            for each in told.talks
        ],
        "agreements": [
            {
                "client_id": each.client_id,
                "name": each.name,
                "title": each.agreed.title,
                "side": each.agreed.side,
                "due": each.agreed.due.isoformat(),
                "late": each.late,
            }
            for each in told.agreements
        ],
        "growing_stale": [_coming_document(each) for each in told.stale],
        "coming": [_coming_document(each) for each in told.coming],
        "silent_sources": [{"source": each.source, "days": each.days} for each in told.silent],
        "failing_destinations": list(told.undelivered),
        "changes_told_late": told.told_late,
        "scores_remade": told.remade,
        "pauses": told.pauses,
    }


def _moved_document(moved: Moved) -> Mapping[str, Any]:
    return {
        "client_id": moved.client_id,
        "name": moved.name,
        "points": moved.points,
        "total": moved.total,
        "causes": list(moved.causes),
        "dimensions": [
            {"key": move.key, "before": move.before.points, "after": move.after.points} for move in moved.moves
        ],
    }


def _coming_document(coming: Coming) -> Mapping[str, Any]:
    entry = coming.entry
    return {
        "client_id": coming.client_id,
        "name": coming.name,
        "on": entry.day.isoformat(),
        "kind": entry.kind,
        "dimension": entry.dimension,
        "points": entry.points,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _tenths(points: int, clients: int) -> int:
    """Points a client in tenths, halves away from nought."""
    tenths = (abs(points) * 20 + clients) // (2 * clients)
    return tenths if points >= 0 else -tenths

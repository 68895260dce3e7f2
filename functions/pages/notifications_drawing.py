"""What the page about deliveries looks like: every destination, or one with what was sent to it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Any, Literal, get_args

from functions.pages.controls import Choice, button, fault_strip, flag, link_button, saved_strip, segments
from functions.pages.layout import PageContext, page
from functions.pages.markup import Child, Markup, tag
from functions.pages.sections import Section, crumb, section_of, title_row
from shared.destinations.answer import Fault, Unsent
from shared.http.requests import Response
from shared.opmm.dataclass import dataclass
from shared.opmm.timestamps import parse_instant
from shared.storage.deliveries import Delivery

PLACE = "/notifications"
AGAIN, FAILED_AGAIN = "again", "failed_again"
FAILED: Literal["failed"] = "failed"

_UNSENT = frozenset(get_args(Unsent))
_ANSWERS = _UNSENT.union(get_args(Fault))
_DONE, _NOT_DONE = ("sent", "sending"), ("gone", "changed")


@dataclass(frozen=True, slots=True)
class Listed:
    """Some deliveries to a destination."""

    deliveries: Sequence[Delivery]
    names: Mapping[str, str]
    """What the clients are called that they are about."""
    further: str | None
    """Where the next page begins; None at the end."""
    only_failed: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """Draws the page for one visitor."""

    context: PageContext
    zone: tzinfo
    today: date
    became: str | None = None
    """What became of what was asked for just before."""
    sends_all: bool = False

    def all(self, described: Sequence[Mapping[str, Any]], *, readable: bool) -> Response:
        """Every destination, with how it fares."""
        context, words = self.context, self.context.words
        rows = [self._row(destination) for destination in described]
        return page(
            context,
            words("notifications"),
            title_row(words("notifications"), words("notifications_lead")),
            self._became(),
            None if readable else fault_strip(words("notifications_unreadable")),
            tag.div(
                section_of(
                    Section(
                        "list",
                        words("destinations"),
                        tag.ul(rows, class_="rows") if rows else tag.p(words("notifications_none"), class_="quiet"),
                        note=words("notifications_to"),
                    )
                ),
                class_="sections sources",
            ),
        )

    def one(self, destination: Mapping[str, Any], listed: Listed) -> Response:
        """One destination, and a page of what was sent to it."""
        context, words, name = self.context, self.context.words, destination["name"]
        fails = listed.only_failed or any(delivery.status == FAILED for delivery in listed.deliveries)
        every = self._form(name, listed, button(words("delivery_all_again"), name="act", value=FAILED_AGAIN))
        return page(
            context,
            f"{name}, {words('notifications')}",
            title_row(
                name,
                _says(destination, context),
                above=crumb(words("notifications"), context.link(PLACE)),
                acts=every if listed.deliveries and fails and self.sends_all and not destination["ended_at"] else None,
            ),
            self._became(),
            [fault_strip(fault) for fault in self._faults(destination)],
            tag.div(self._deliveries(destination, listed), class_="sections sources deliveries"),
        )

    def _deliveries(self, destination: Mapping[str, Any], listed: Listed) -> Markup:
        context, words, name = self.context, self.context.words, destination["name"]
        ended = destination["ended_at"] is not None
        rows = [self._delivery(delivery, listed, ended=ended) for delivery in listed.deliveries]
        none = words("deliveries_none_failed" if listed.only_failed else "deliveries_none")
        status = FAILED if listed.only_failed else None
        further = context.link(PLACE, destination=name, status=status, cursor=listed.further)
        every, failed = (context.link(PLACE, destination=name, status=only) for only in (None, FAILED))
        shown = segments(
            [
                Choice(words("deliveries_all"), every, chosen=not listed.only_failed),
                Choice(words("deliveries_failed"), failed, chosen=listed.only_failed),
            ],
            words("deliveries"),
        )
        return section_of(
            Section(
                "deliveries",
                words("deliveries"),
                [
                    tag.ul(rows, class_="rows") if rows else tag.p(none, class_="quiet"),
                    link_button(words("deliveries_further"), further) if listed.further else None,
                ],
                note=words("deliveries_note"),
                beside=shown,
            )
        )

    def _row(self, destination: Mapping[str, Any]) -> Markup:
        words, name, last = self.context.words, destination["name"], destination["delivered_at"]
        at = words("destination_delivered", at=self._moment(parse_instant(last))) if last else words("destination_idle")
        return tag.li(
            tag.div(
                tag.strong(tag.a(name, href=self.context.link(PLACE, destination=name))),
                tag.p(_says(destination, self.context), class_="hint"),
                [tag.p(flag(fault)) for fault in self._faults(destination)],
            ),
            tag.span(at),
        )

    def _faults(self, destination: Mapping[str, Any]) -> list[str]:
        """What is wrong with a destination."""
        words, ended, failing = self.context.words, destination["ended_at"], destination["failing_since"]
        if destination["said"] is None:
            return [words("destination_unreadable")]
        if ended:
            return [words("destination_ended", since=self._whole(parse_instant(ended)))]
        return [words("destination_failing", since=self._whole(parse_instant(failing)))] if failing else []

    def _delivery(self, delivery: Delivery, listed: Listed, *, ended: bool) -> Markup:
        words = self.context.words
        subject = words(f"delivery_of_{delivery.subject}")
        at = self._moment(delivery.occurred_at)
        client = delivery.client_id
        about = client and tag.a(listed.names.get(client, client), href=self.context.link(f"/clients/{client}"))
        # What is to be sent at once has its message already; and one that has ended is told nothing.
        waits = (delivery.status != "pending" or delivery.next_at is not None) and not ended
        send = button(words("delivery_again"), weight="small", name="act", value=AGAIN)
        hidden = {"delivery": delivery.key, "again": str(delivery.again)}
        return tag.li(
            tag.div(
                tag.strong(about or subject),
                tag.p(words("delivery_made", subject=subject, at=at) if about else at, class_="hint"),
                tag.p(tag.code(delivery.id), class_="hint"),
            ),
            tag.span(self._status(delivery), tag.p(self._answer(delivery), class_="hint")),
            self._form(delivery.destination, listed, send, **hidden) if waits else None,
        )

    def _status(self, delivery: Delivery) -> Child:
        words = self.context.words
        status = words(f"delivery_is_{delivery.status}")
        tries = words.counted("delivery_tries", delivery.tries) if delivery.tries else None
        return [flag(status) if delivery.status == FAILED else status, f", {tries}" if tries else None]

    def _answer(self, delivery: Delivery) -> str:
        """What came back last and when, when it is tried again, and how often somebody has asked for that."""
        words, parts = self.context.words, list[str]()
        if delivery.answer and delivery.answered_at:
            parts.append(f"{_in_words(delivery.answer, self.context)}, {self._moment(delivery.answered_at)}")
        if delivery.next_at:
            parts.append(words("delivery_next", at=self._moment(delivery.next_at)))
        if delivery.again:
            parts.append(words.counted("delivery_asked", delivery.again))
        return "; ".join(parts)

    def _form(self, name: str, listed: Listed, content: Child, **hidden: str) -> Markup:
        fields = {"destination": name, **({"status": FAILED} if listed.only_failed else {}), **hidden}
        return tag.form(
            [tag.input(type="hidden", name=field, value=value) for field, value in fields.items()],
            content,
            method="post",
            action=self.context.link(PLACE),
        )

    def _became(self) -> Child:
        words, became = self.context.words, self.became
        if became in _DONE:
            return saved_strip(words(f"delivery_became_{became}"))
        if became in _NOT_DONE:
            return fault_strip(words(f"delivery_became_{became}"))
        return fault_strip(words("delivery_unsent", why=words(f"answer_{became}"))) if became in _UNSENT else None

    def _moment(self, at: datetime) -> str:
        """When something was; of today the time alone."""
        here = at.astimezone(self.zone)
        return f"{here:%H:%M}" if here.date() == self.today else self._whole(at)

    def _whole(self, at: datetime) -> str:
        return self.context.words.moment(at.astimezone(self.zone), self.today)


def _says(destination: Mapping[str, Any], context: PageContext) -> str:
    """How a destination is reached, what it wants, and of which clients."""
    said, words = destination["said"], context.words
    if said is None:
        return ""
    count = said["mailboxes"]
    host = said["host"] if count is None else words.counted("destination_mailboxes", count)
    channel = words(f"channel_{said['channel']}")
    wants = words("destination_wants", what=words.listed([words(f"wants_{what}") for what in said["wants"]]))
    comments = f", {words('destination_comments')}" if said["comments"] else ""
    return f"{words('destination_at', channel=channel, host=host)}: {wants} {_of_whom(said, context)}{comments}"


def _of_whom(said: Mapping[str, Any], context: PageContext) -> str:
    words, clients = context.words, said["clients"]
    if said["owner"] is not None:
        return words("destination_for_owner", owner=said["owner"])
    if clients is None:
        return words("destination_for_all")
    return words.counted("destination_for", len(clients), clients=", ".join(clients))


def _in_words(answer: str, context: PageContext) -> str:
    """What came back: a status code, or a word of ours."""
    if answer in _ANSWERS:
        return context.words(f"answer_{answer}")
    return context.words("answer_taken" if answer.startswith("2") else "answer_status", status=answer)

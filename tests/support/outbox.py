"""A queue of deliveries whose time a test lets pass, and receivers that answer as a test says."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from shared.destinations.answer import Answer
from shared.destinations.destination import Destination
from shared.destinations.message import Message
from tests.support.service import Clock

Work = Callable[[Sequence[Mapping[str, Any]]], list[str]]

TAKEN = Answer(status=204)


@dataclass
class Letter:
    """A message in the queue."""

    number: int
    body: str
    visible_at: datetime


@dataclass
class Outbox:
    """Stands for a queue: a message that was received is hidden for a while, or for as long as it is told to be."""

    clock: Clock
    letters: list[Letter] = field(default_factory=list)
    numbers: Any = field(default_factory=count)
    hidden: dict[str, int] = field(default_factory=dict)
    longest: int = 0
    """The longest time for which a message was hidden, in seconds."""

    def send(self, message: Mapping[str, Any], delay: int = 0) -> None:
        at = self.clock() + timedelta(seconds=delay)
        self.letters.append(Letter(next(self.numbers), json.dumps(message), at))

    def hide(self, receipt: str, seconds: int) -> None:
        assert 0 <= seconds <= 43_200
        self.longest = max(self.longest, seconds)
        self.hidden[receipt] = seconds

    def deliver(self, work: Work, until: datetime | None = None, at_once: int = 10) -> None:
        """Hands messages over until the queue is empty, or until some time; the clock moves on to each."""
        while self.letters:
            due = min(letter.visible_at for letter in self.letters)
            if until is not None and due > until:
                break
            self.clock.now = max(self.clock.now, due)
            self.step(work, at_once)
        if until is not None:
            self.clock.now = max(self.clock.now, until)

    def step(self, work: Work, at_once: int = 10) -> None:
        """One invocation, with the messages that can be seen."""
        now = self.clock()
        seen = [letter for letter in self.letters if letter.visible_at <= now][:at_once]
        self.hidden = {}
        records = [
            {"messageId": str(letter.number), "receiptHandle": str(letter.number), "body": letter.body}
            for letter in seen
        ]
        try:
            again = set(work(records))
        except BaseException:
            again = {record["messageId"] for record in records}
            raise
        finally:
            for letter in seen:
                if str(letter.number) in again:
                    seconds = self.hidden.get(str(letter.number), 300)
                    letter.visible_at = self.clock() + timedelta(seconds=seconds)
                else:
                    self.letters.remove(letter)


@dataclass
class Receivers:
    """Answer by destination, one answer after the other, the last for ever; what they got is kept."""

    clock: Clock
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    got: list[tuple[str, Message, datetime]] = field(default_factory=list)

    def send(self, message: Message, destination: Destination, now: datetime) -> Answer:
        self.got.append((destination.name, message, now))
        answers = self.answers.get(destination.name, [TAKEN])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def taken_by(self, destination: str) -> list[str]:
        """The ids that a destination got, each as often as it did."""
        return [message.id for name, message, _ in self.got if name == destination]

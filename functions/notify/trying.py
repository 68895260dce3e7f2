"""Tries a destination out: sends a sample from where all messages are sent, and tells step by step what came back."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from aws_lambda_powertools import Logger

from functions.notify.channels.calling import Caller
from functions.notify.channels.sending import Channels
from shared.destinations.destination import Destination
from shared.destinations.document import DestinationsDocument, UnreadableDestinationError
from shared.destinations.message import Line, Message, Section
from shared.opmm.dataclass import dataclass
from shared.opmm.message_ids import sample_id
from shared.opmm.timestamps import rfc3339
from shared.storage.mail import mailer_of
from shared.storage.secrets import Secret, connect_secrets
from shared.texts.words import Words


@dataclass(frozen=True, slots=True)
class Trying:
    """Sends samples."""

    document: DestinationsDocument
    """As it is stored at this moment, not as it was a minute ago."""
    channels: Channels
    clock: Callable[[], datetime]
    logger: Logger

    def run(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """What became of a sample: `{"job": "try_destination", "destination": "crm"}`. `found` is false without one."""
        name = str(event.get("destination"))
        try:
            destination = self.document(name)
        except UnreadableDestinationError:
            destination = None
        if destination is None:
            return {"found": False}
        now = self.clock()
        answer = self.channels.send(sample(destination, now), destination, now)
        self.logger.info("a destination was tried", destination=name, status=answer.status, fault=answer.fault)
        return {
            "found": True,
            "taken": answer.taken,
            "ends": answer.ends,
            "status": answer.status,
            "fault": answer.fault,
            "retry_after": answer.retry_after,
            "steps": list(answer.steps),
            "said": answer.said,
        }


def trying(
    secret: str, sender: str, clock: Callable[[], datetime], logger: Logger, *, loopback: bool = False
) -> Trying:
    """With the secret of this name, and the sender of mail unless it is empty."""
    held = Secret(connect_secrets(), secret, logger, remembered_for=0)
    document = DestinationsDocument(held, logger, loopback=loopback)
    return Trying(document, Channels(Caller(loopback=loopback), mailer_of(sender)), clock, logger)


def sample(destination: Destination, now: datetime) -> Message:
    """A message that says nothing but that it has come."""
    words = Words(destination.language)
    return Message(
        id=sample_id(destination.name, now),
        kind="test",
        occurred_at=now,
        title=words("channel_test"),
        sections=(Section(None, (Line(words("channel_test_line")),)),),
        data={"destination": destination.name, "sent_at": rfc3339(now)},
    )

"""One message to one destination, whichever channel carries it, and what came back."""

from datetime import datetime

from functions.notify.channels import email, slack, teams, webhook
from functions.notify.channels.calling import Caller
from shared.destinations.answer import Answer
from shared.destinations.destination import Destination
from shared.destinations.message import Message
from shared.storage.mail import Mailer, MailError
from shared.version import VERSION

_HEADERS = {"Content-Type": "application/json", "User-Agent": f"OPMM/{VERSION}"}
_ACCEPTED = 202


class Channels:
    """All of them; may be used by several threads."""

    def __init__(self, caller: Caller, mailer: Mailer | None) -> None:
        """Without a mailer no mail is sent: the stack has no sender."""
        self._caller = caller
        self._mailer = mailer

    def send(self, message: Message, destination: Destination, now: datetime) -> Answer:
        """What became of a try. Never raises for what a receiver does."""
        if destination.channel == "email":
            return self._mailed(message, destination)
        headers = dict(_HEADERS)
        if destination.channel == "webhook":
            body = webhook.drawn(message)
            headers |= webhook.signed(message, destination, body, now)
        elif destination.channel == "slack":
            body = slack.drawn(message, destination.language)
        else:
            body = teams.drawn(message, destination.language)
        [address] = destination.addresses
        return self._caller.post(address, headers, body, now)

    def _mailed(self, message: Message, destination: Destination) -> Answer:
        """Taken once every mailbox has it. When one has not, the response tells which have."""
        if self._mailer is None:
            return Answer(fault="no_sender")
        mail = email.drawn(message, destination.language)
        steps: list[str] = []
        reached: list[str] = []
        refused: MailError | None = None
        for place, mailbox in enumerate(destination.addresses, start=1):
            try:
                self._mailer.send(mailbox, mail)
            except MailError as error:
                steps.append(f"mailbox {place}: {error.code}")
                refused = error
            else:
                steps.append(f"mailbox {place}: accepted")
                reached.append(mailbox)
        if refused is not None:
            return Answer(status=refused.status, fault="mail", steps=tuple(steps), reached=tuple(reached))
        return Answer(status=_ACCEPTED, steps=tuple(steps))

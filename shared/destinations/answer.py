"""What came back of a message that was sent: whether it was taken, and what is known for the next try."""

from typing import Literal

from shared.opmm.dataclass import dataclass

Fault = Literal[
    "unknown_host", "inside_network", "no_connection", "tls", "timeout", "no_http", "redirect", "mail", "no_sender"
]
"""Why there is no answer that counts: nobody knows the host, it leads inside the network, nobody is there, TLS or the
certificate is wrong, it took too long, what came was no HTTP or led elsewhere, the mail was refused, or this stack has
no sender of mail."""

Untried = Literal["no_destination", "destination_ended", "nothing_to_tell"]
"""Why a message is not sent at all: its destination is gone or has asked for nothing more, or what it tells is gone."""

Unsent = Literal[Untried, "unreadable"]
"""Why nothing was sent. What nobody can read is tried again: somebody mends the document by and by."""

_TAKEN = range(200, 300)
_GONE = 410


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one try."""

    status: int | None = None
    """Of HTTP, or the one that stands for what the mail service said; None where nothing came."""
    fault: Fault | None = None
    retry_after: int | None = None
    """Seconds that the receiver wants to be left alone."""
    steps: tuple[str, ...] = ()
    """How far it came, for whoever tries a destination out; without the address, which is a secret."""
    reached: tuple[str, ...] = ()
    """The addresses that have taken it, where others have not."""
    said: str = ""
    """The beginning of what was answered, for whoever tries a destination out; never stored and never logged."""

    @property
    def taken(self) -> bool:
        """Whether the message has arrived."""
        return self.fault is None and self.status in _TAKEN

    @property
    def ends(self) -> bool:
        """Whether the receiver wants nothing any more."""
        return self.status == _GONE

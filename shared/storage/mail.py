"""Mail, by SES: one message to one mailbox."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from shared.opmm.dataclass import dataclass
from shared.storage.dynamodb import CONFIG, session

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

_CONFIG = CONFIG.merge(Config(read_timeout=5, retries={"mode": "standard", "total_max_attempts": 1}))
"""It is tried once: what was sent without a response would be sent twice."""


@dataclass(frozen=True, slots=True)
class Mail:
    """What is sent."""

    subject: str
    """On one line."""
    text: str
    html: str
    headers: Mapping[str, str]
    """Besides those that every mail has."""


class MailError(Exception):
    """SES has not taken a mail, or did not respond. Says why in its own word, which tells no address."""

    def __init__(self, code: str, status: int | None) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


class Mailer:
    """Sends mail as one sender."""

    def __init__(self, client: "SESV2Client", sender: str) -> None:
        self._client = client
        self._sender = sender

    def send(self, mailbox: str, mail: Mail) -> None:
        """Hands a mail over. Raises MailError, and ValueError for a header that would begin another one."""
        for name, value in {"Subject": mail.subject, "To": mailbox, **mail.headers}.items():
            if not f"{name}{value}".isprintable():
                raise ValueError(f"{name} is more than one line")
        simple: Any = {
            "Subject": _content(mail.subject),
            "Body": {"Text": _content(mail.text), "Html": _content(mail.html)},
            "Headers": [{"Name": name, "Value": value} for name, value in mail.headers.items()],
        }
        try:
            self._client.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [mailbox]},
                Content={"Simple": simple},
            )
        except ClientError as error:
            response = error.response
            status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            raise MailError(response.get("Error", {}).get("Code", "unknown"), status) from None
        except BotoCoreError as error:
            raise MailError(type(error).__name__, None) from None


def _content(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}


def connect_mail() -> "SESV2Client":
    """One client per process."""
    return cast("SESV2Client", session().create_client("sesv2", config=_CONFIG))


def mailer_of(sender: str) -> Mailer | None:
    """What sends mail as this sender; None for a stack without one."""
    return Mailer(connect_mail(), sender) if sender else None

"""What a destination may say: the form of each field, and what does not fit its channel or itself."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import time
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from shared.destinations.addresses import LONGEST_ADDRESS, Address, AddressError, read_address
from shared.destinations.destination import Channel, Destination, Wants, Weekday
from shared.intake.fields import Owner
from shared.opmm.email_addresses import DOMAIN
from shared.opmm.model import LANGUAGES
from shared.opmm.slugs import SLUG_PATTERN
from shared.texts.fault_texts import sentence

WHSEC = "whsec_"
"""Begins a secret of Standard Webhooks; base64 of the key follows."""

MOST_MAILBOXES = 20

_SHORTEST_KEY, _LONGEST_KEY = 24, 64
"""Bytes (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md)."""

Place = tuple[int | str, ...]
"""Where something stands in a destination."""

_ANYTHING = ["digest", "alerts"]
"""Stands in for what cannot be read: nothing is wrong beside it."""

_AT = re.compile(r"([01][0-9]|2[0-3]):(00|15|30|45)")
_MAILBOX = re.compile(rf"[a-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@(?=.{{1,253}}\Z){DOMAIN}", re.IGNORECASE | re.ASCII)

_RETIRED_HOSTS = (".webhook.office.com", "outlook.office.com", "outlook.office365.com")
"""Those of connectors: Microsoft has taken them away for workflows."""

_WORKFLOW_HOSTS = (".api.powerplatform.com", ".logic.azure.com")
"""Where workflows have their addresses; the second is that of Logic Apps, and of workflows until the end of 2025."""

_SLACK_HOSTS = ("hooks.slack.com", "hooks.slack-gov.com")
_SLACK_PATH = re.compile(r"/services/[A-Za-z0-9]+/[A-Za-z0-9]+/[A-Za-z0-9]+")


def _secret(text: str) -> str:
    """A key that is neither short nor cut off."""
    try:
        key = base64.b64decode(text.removeprefix(WHSEC), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not text.startswith(WHSEC) or not _SHORTEST_KEY <= len(key) <= _LONGEST_KEY:
        raise PydanticCustomError(
            "secret",
            "must be {whsec} and base64 of {least} to {most} bytes: echo whsec_$(openssl rand -base64 32)",
            {"whsec": WHSEC, "least": _SHORTEST_KEY, "most": _LONGEST_KEY},
        )
    return text


def _mailbox(text: str) -> str:
    """An e-mail address and nothing else: no name beside it, no second one, nothing that begins another header."""
    if not _MAILBOX.fullmatch(text):
        raise PydanticCustomError("mailbox", "must be one e-mail address, such as sam@agency.example")
    return text


def _time(text: str) -> str:
    """A quarter of an hour."""
    if not _AT.fullmatch(text):
        raise PydanticCustomError("time", "must be a quarter of an hour from 00:00 to 23:45, such as 07:30")
    return text


class DestinationSettings(BaseModel):
    """What the document says of one destination."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    channel: Channel
    address: Annotated[str, Field(min_length=1, max_length=LONGEST_ADDRESS)] | None = None
    """Where it is called; all but `email` have one."""
    mailboxes: list[Annotated[str, AfterValidator(_mailbox)]] | None = Field(
        default=None, min_length=1, max_length=MOST_MAILBOXES
    )
    """To whom an `email` goes."""
    secrets: list[Annotated[str, AfterValidator(_secret)]] | None = Field(default=None, min_length=1, max_length=2)
    """The keys of a `webhook`, the current one first."""
    wants: list[Wants] = Field(min_length=1)
    owner: Owner | None = None
    """Only clients of this person."""
    clients: list[Annotated[str, Field(pattern=SLUG_PATTERN)]] | None = Field(default=None, min_length=1)
    """Only these clients, by their ids."""
    language: Literal["en", "nl"] = "nl"
    days: list[Weekday] = Field(default=["monday"], min_length=1)
    """When the digest comes."""
    at: Annotated[str, AfterValidator(_time)] = "07:30"
    """And at what time, in the stack's zone."""
    comments: bool = False
    """Whether whoever reads it may read comments of respondents."""

    def destination(self, name: str) -> Destination:
        """What is told of it, once it has no faults."""
        return Destination(
            name=name,
            channel=self.channel,
            addresses=tuple(self.mailboxes or ()) if self.address is None else (self.address,),
            secrets=tuple(self.secrets or ()),
            wants=frozenset(self.wants),
            owner=self.owner,
            clients=None if self.clients is None else frozenset(self.clients),
            language=self.language,
            days=tuple(day for day in get_args(Weekday) if day in self.days),
            at=time.fromisoformat(self.at),
            comments=self.comments,
        )


def read_settings(described: dict[str, Any]) -> tuple[DestinationSettings | None, list[tuple[Place, str]]]:
    """The settings, and every fault in the form of their fields, none of which tells what stands there.

    Fields with a fault are left out, so that what else is wrong is found, too; without a channel nobody can say.
    """
    try:
        return DestinationSettings.model_validate(described), []
    except ValidationError as error:
        # Without the input: it holds secrets.
        details = error.errors(include_url=False, include_input=False)
    wrong = {detail["loc"][0] for detail in details if detail["loc"]}
    sound = {field: value for field, value in described.items() if field not in wrong}
    settings = None if "channel" in wrong else DestinationSettings.model_validate({"wants": _ANYTHING, **sound})
    return settings, [(detail["loc"], sentence(detail, LANGUAGES[0])) for detail in details]


def faults_in(settings: DestinationSettings, *, loopback: bool = False) -> Iterator[tuple[str, str]]:
    """Everything in a destination that does not fit: the field, and what is wrong with it, without its value."""
    yield from _in_address(settings, loopback=loopback)
    yield from _in_secrets(settings)
    yield from _in_wants(settings)
    if settings.owner is not None and settings.clients is not None:
        yield (
            "clients",
            "cannot be said beside owner: it tells of the clients of one person, of some, or of all",
        )
    for field in ("mailboxes", "wants", "clients", "days"):
        named = getattr(settings, field) or []
        if len({str(name).casefold() for name in named}) < len(named):
            yield field, "says something twice"


def _in_address(settings: DestinationSettings, *, loopback: bool) -> Iterator[tuple[str, str]]:
    if settings.channel == "email":
        if settings.mailboxes is None:
            yield "mailboxes", 'is missing: to whom? ["sam@agency.example"]'
        if settings.address is not None:
            yield "address", "belongs to the channels webhook, slack and teams; an email has mailboxes"
        return
    if settings.mailboxes is not None:
        yield "mailboxes", "belongs to the channel email"
    if settings.address is None:
        yield "address", "is missing: where is it called?"
        return
    try:
        address = read_address(settings.address, loopback=loopback)
    except AddressError as error:
        yield "address", str(error)
    else:
        if not address.is_loopback and (fault := _HOST_RULES[settings.channel](address)):
            yield "address", fault


def _in_slack(address: Address) -> str | None:
    if address.host in _SLACK_HOSTS and _SLACK_PATH.fullmatch(address.target):
        return None
    return f"must be that of an incoming webhook: https://{_SLACK_HOSTS[0]}/services/T.../B.../..."


def _in_teams(address: Address) -> str | None:
    if address.host.endswith(_RETIRED_HOSTS):
        return "is that of a connector, which Microsoft has retired: make a workflow, and take its address"
    if address.host.endswith(_WORKFLOW_HOSTS):
        return None
    return f"must be that of a workflow: its host ends in {' or '.join(_WORKFLOW_HOSTS)}"


def _anywhere(_address: Address) -> None:
    """A webhook may be received by anybody."""


_HOST_RULES: Mapping[Channel, Callable[[Address], str | None]] = {
    "webhook": _anywhere,
    "slack": _in_slack,
    "teams": _in_teams,
}
"""What an address of a channel must be, besides outside the network."""


def _in_secrets(settings: DestinationSettings) -> Iterator[tuple[str, str]]:
    if settings.channel == "webhook":
        if settings.secrets is None:
            yield "secrets", f'is missing: what signs it? ["{WHSEC}..."], made by echo whsec_$(openssl rand -base64 32)'
    elif settings.secrets is not None:
        yield "secrets", "belongs to the channel webhook: nothing else is signed"


def _in_wants(settings: DestinationSettings) -> Iterator[tuple[str, str]]:
    if "changes" in settings.wants and settings.channel != "webhook":
        yield "wants", "takes changes for a webhook only: they are documents for machines"
    if "digest" not in settings.wants:
        for field in ("days", "at"):
            if field in settings.model_fields_set:
                yield field, "does nothing: it says when the digest comes, which it does not want"
    if settings.comments and "alerts" not in settings.wants:
        yield "comments", "does nothing: they stand in alerts only, which it does not want"

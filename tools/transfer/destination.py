"""Where an import goes: a stack, an address with a token, or nowhere, when lines are only checked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx

from shared.opmm.model import Model
from shared.opmm.model_document import ModelError, published_model
from shared.sheets.interpretation import Names
from shared.storage.issued import Grant
from tools.errors import ToolError
from tools.target import ONLY_WITH_A_STACK, Target
from tools.transfer.clients import StackNames

ZONE = ZoneInfo("Europe/Amsterdam")
"""Where nothing tells another one: what the template takes when nobody says otherwise."""

_TIMEOUT = 60
"""Seconds for one call: a batch on a cold stack starts a function first."""

_TOKEN_LIFETIME = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Destination:
    """A service that takes events, as what it understands them, and what opens it."""

    zone: ZoneInfo
    model: Model
    address: str | None = None
    """Where events are sent; None when they are only checked."""
    headers: tuple[tuple[str, str], ...] = ()
    on_this_machine: bool = False
    names: Names | None = None
    """The clients of a stack whose tables can be read."""
    note: str | None = None
    """What a person should know about how files are read."""
    target: Target | None = None
    """The stack, where its tables can be read."""

    @contextmanager
    def calls(self) -> Iterator[httpx.Client | None]:
        """Calls to its API; None when events are only checked."""
        if self.address is None:
            yield None
            return
        with httpx.Client(
            base_url=self.address,
            headers=dict(self.headers),
            timeout=_TIMEOUT,
            trust_env=not self.on_this_machine,
        ) as client:
            yield client


@dataclass(frozen=True, slots=True)
class Given:
    """What a person has said about the destination."""

    stack: str | None = None
    region: str | None = None
    profile: str | None = None
    api: str | None = None
    token: str | None = None
    zone: ZoneInfo | None = None
    model: str | None = None


def destination(given: Given, now: datetime, *, dry_run: bool) -> Destination:
    """What was meant. Raises ToolError when nothing tells where it is or what opens it, or two things tell it twice."""
    if (given.region or given.profile) and not given.stack:
        raise ToolError(ONLY_WITH_A_STACK)
    if given.api and not given.stack:
        return _at_address(given, dry_run=dry_run)
    try:
        target = Target.of(given.stack, given.region, given.profile)
    except ToolError as down:
        if not dry_run or given.stack:
            raise ToolError(f"{down} Or say API=... TOKEN=...") from down
        return _unreached(given)
    if given.model:
        raise ToolError(f"{target.name} tells its own model; MODEL= goes with API= only.")
    zone, model = target.zone_and_model()
    names = StackNames(target.scores())
    if dry_run:
        return Destination(zone, model, names=names, target=target)
    if target.local:
        headers = (("Authorization", f"Bearer {target.local.token}"), ("Host", target.local.host))
        return Destination(zone, model, target.local.api_url, headers, on_this_machine=True, names=names, target=target)
    token = given.token or target.register().issue(_import_grant(now), target.keys())[1]
    address = given.api or target.output("ApiUrl")
    return Destination(zone, model, address, (("Authorization", f"Bearer {token}"),), names=names, target=target)


def _import_grant(now: datetime) -> Grant:
    """What an import needs: it sends facts, and says what clients are called."""
    scopes = ("events:write", "clients:write")
    return Grant(kind="token", subject="import", scopes=scopes, made_at=now, until=now + _TOKEN_LIFETIME)


def _at_address(given: Given, *, dry_run: bool) -> Destination:
    if not given.token and not dry_run:
        raise ToolError('API= needs a TOKEN= that may send: make token SCOPE="events:write clients:write scores:read"')
    unreached = _unreached(given)
    if dry_run:
        return unreached
    headers = (("Authorization", f"Bearer {given.token}"),)
    return Destination(unreached.zone, unreached.model, given.api, headers, note=unreached.note)


def _unreached(given: Given) -> Destination:
    """For a service that nobody can ask how it is set up; says what is taken instead."""
    try:
        zone, model = given.zone or ZONE, published_model(given.model) if given.model else published_model()
    except ModelError as unknown:
        raise ToolError(str(unknown)) from unknown
    note = f"Days begin in {zone.key}, and the model is {model.id}: ZONE= and MODEL= say otherwise."
    return Destination(zone, model, note=note)

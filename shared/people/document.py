"""The people document: with which identity provider people sign in, and who of them may do what."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from aws_lambda_powertools import Logger

from shared.http.problems import UnavailableError
from shared.http.tokens import Role
from shared.opmm.dataclass import dataclass
from shared.opmm.display import NOT_DISPLAYABLE, is_displayable
from shared.opmm.email_addresses import DOMAIN, LONGEST_EMAIL
from shared.storage.secrets import Secret

GRANTED: tuple[Role, ...] = ("viewer", "editor", "admin")
"""What people of the agency may be, the highest last. The people of a client come by link."""

MOST_RULES = 500
LONGEST_TEXT = 300

_RETRY_AFTER = "60"
"""In seconds: a mended document is seen within a minute."""

_FIELDS = {"issuer", "client_id", "client_secret", "allow", "groups_claim", "scope", "contact", "discovery"}
_SCOPE = "openid email profile"
_ADDRESS = re.compile(rf"[^@\s*]+@{DOMAIN}")
_WHOLE_DOMAIN = re.compile(rf"\*@({DOMAIN})")
_REGISTRY = re.compile(r"(ac|co|com|edu|gov|net|org)\.[a-z]{2}")
"""Domains under which anybody registers one, such as co.uk."""
_ANYBODY = re.compile(
    r"(aol|gmail|googlemail|hotmail|icloud|kpnmail|live|mac|mail|me|msn|outlook|protonmail|yahoo|ymail|zoho|ziggo)"
    r"\.(com|co\.uk|de|fr|nl)|gmx\.(com|de|net)|proton\.me"
)
"""Domains under which anybody has an address within minutes."""


class PeopleError(ValueError):
    """The document cannot be used. Holds every fault, each behind the place that it is in, and no secret."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom the provider has told of."""

    subject: str
    """The same for a person for good, and of no other provider's."""
    name: str | None = None
    email: str | None = None
    """In lower case; None unless it counts."""
    groups: tuple[str, ...] = ()
    """Those that the document names, those of the highest role first."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Lets some people in: those of an e-mail pattern, or those of a group."""

    role: Role
    email: str | None = None
    group: str | None = None

    def holds_for(self, person: Person) -> bool:
        """Whether it is about this person."""
        if self.email is None:
            return self.group in person.groups
        if person.email is None:
            return False
        if self.email.startswith("*@"):
            return person.email.rpartition("@")[2] == self.email[2:]
        return person.email == self.email


@dataclass(frozen=True, slots=True)
class People:
    """A document that can be used."""

    issuer: str
    client_id: str
    client_secret: str | None
    rules: tuple[Rule, ...]
    groups_claim: str = "groups"
    scope: str = _SCOPE
    contact: str | None = None
    """Whom to ask for a role."""
    discovery: str = ""
    """Where the provider says what its addresses are."""

    @property
    def issuer_id(self) -> str:
        """By which sessions know their provider: those of the one before end when another is set up."""
        return hashlib.sha256(f"{self.issuer} {self.client_id}".encode()).hexdigest()[:16]

    @property
    def provider(self) -> str:
        """What people know the provider by: the host of its issuer."""
        return urlsplit(self.issuer).netloc

    @property
    def on_this_machine(self) -> bool:
        """Whether the provider is one of a local stack, which has no TLS."""
        return _is_loopback(urlsplit(self.discovery).hostname or "")

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that give somebody a role, those of the highest first."""
        by_role = sorted(self.rules, key=lambda rule: GRANTED.index(rule.role), reverse=True)
        return tuple(dict.fromkeys(rule.group for rule in by_role if rule.group is not None))

    def role_of(self, person: Person) -> Role | None:
        """The highest role that a rule gives; None for somebody whom nobody lets in."""
        given = {rule.role for rule in self.rules if rule.holds_for(person)}
        return next((role for role in reversed(GRANTED) if role in given), None)


class PeopleDocument:
    """The people as a warm function knows them: read once for a version, which it sees within a minute."""

    def __init__(self, secret: Secret, logger: Logger) -> None:
        self._secret = secret
        self._logger = logger
        self._document: Any = None
        self._people: People | None = None

    def __call__(self) -> People | None:
        """The people; None when no provider is set up. Raises UnavailableError for a document that cannot be read."""
        try:
            document = self._secret.read()
            if document is not self._document:
                self._people = load_people(document)
                self._document = document
        except ValueError as error:  # no JSON, or written by hand: then nobody can say who may do what
            # Not the faults themselves, which may quote what stands in the document: `make people` tells them.
            faults = len(error.faults) if isinstance(error, PeopleError) else 1
            self._logger.error("the people cannot be read", faults=faults)
            raise UnavailableError("Nobody can sign in.", headers={"Retry-After": _RETRY_AFTER}) from None
        return self._people


def load_people(document: Any) -> People | None:
    """The people of a document; None for an empty one. Raises PeopleError with every fault."""
    if not isinstance(document, dict):
        raise PeopleError(["the document: must be an object"])
    if not document:
        return None
    faults = list(_faults(document))
    if faults:
        raise PeopleError(faults)
    issuer: str = document["issuer"]
    rules = tuple(
        Rule(rule["role"], rule["email"].lower() if "email" in rule else None, rule.get("group"))
        for rule in document["allow"]
    )
    return People(
        issuer=issuer,
        client_id=document["client_id"],
        client_secret=document.get("client_secret"),
        rules=rules,
        groups_claim=document.get("groups_claim", "groups"),
        scope=document.get("scope", _SCOPE),
        contact=document.get("contact"),
        discovery=document.get("discovery", f"{issuer.rstrip('/')}/.well-known/openid-configuration"),
    )


def is_safe_address(address: object, *, on_this_machine: bool = False) -> bool:
    """Whether a secret may travel to this address: over TLS, or to this very machine where that is meant."""
    if not isinstance(address, str) or not re.fullmatch(r"[!-~]{1,2000}", address):
        return False
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or "\\" in address or "@" in parts.netloc or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and on_this_machine and _is_loopback(host))


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _faults(document: Mapping[Any, Any]) -> Iterator[str]:
    unknown = sorted(document.keys() - _FIELDS)
    yield from (f"{name}: is not known; there are {', '.join(sorted(_FIELDS))}" for name in unknown)
    issuer = document.get("issuer")
    if not is_safe_address(issuer, on_this_machine=True) or _asks(issuer):
        yield "issuer: must be the https address by which the provider calls itself, without ? and #"
    elif re.search(r"//login\.microsoftonline\.com/(common|organizations|consumers)\b", str(issuer)):
        yield "issuer: must name your own directory (its id), as this one lets in people of every directory"
    if "discovery" in document and not _is_local(document["discovery"]):
        yield "discovery: is for a provider on this machine only; others tell their addresses below their issuer"
    for name in ("client_id", "client_secret", "groups_claim"):
        if (name == "client_id" or name in document) and not _is_text(document.get(name)):
            yield f"{name}: must be a text of 1 to {LONGEST_TEXT} characters"
    if "scope" in document and not (_is_text(document["scope"]) and "openid" in document["scope"].split()):
        yield "scope: must be names with spaces between them, openid among them"
    if "contact" in document and not (_is_text(document["contact"]) and is_displayable(document["contact"])):
        yield f"contact: {NOT_DISPLAYABLE}, and at most {LONGEST_TEXT} characters"
    rules = document.get("allow")
    if not isinstance(rules, list) or not 0 < len(rules) <= MOST_RULES:
        yield f"allow: must be a list of 1 to {MOST_RULES} rules; without a rule nobody gets in"
        return
    for place, rule in enumerate(rules):
        yield from (f"allow.{place}{fault}" for fault in _faults_of_rule(rule))


def _faults_of_rule(rule: Any) -> Iterator[str]:
    if not isinstance(rule, dict):
        yield ': must be an object, such as {"email": "*@agency.example", "role": "editor"}'
        return
    yield from (f".{name}: is not known" for name in sorted(rule.keys() - {"email", "group", "role"}))
    if rule.get("role") == "client":
        yield ".role: client is for the people of one client, who come by link"
    elif rule.get("role") not in GRANTED:
        yield f".role: must be one of {', '.join(GRANTED)}"
    if ("email" in rule) == ("group" in rule):
        yield ": must have either email or group"
    if "email" in rule and (fault := _fault_of_email(rule["email"])):
        yield f".email: {fault}"
    if "group" in rule and not _is_text(rule["group"]):
        yield f".group: must be a text of 1 to {LONGEST_TEXT} characters"


def _fault_of_email(pattern: Any) -> str | None:
    """Why this pattern of addresses cannot be used."""
    if not isinstance(pattern, str) or not pattern.isascii() or len(pattern) > LONGEST_EMAIL:
        return "must be an address, or *@ and a domain, in ASCII"
    pattern = pattern.lower()
    if _ADDRESS.fullmatch(pattern):
        return None
    found = _WHOLE_DOMAIN.fullmatch(pattern)
    if found is None:
        wide = "; a wider * would let in strangers" if "*" in pattern else ""
        return f"must be a whole address, or *@ and a whole domain, such as *@agency.example{wide}"
    if _ANYBODY.fullmatch(found[1]):
        return f"anybody can have an address at {found[1]}: name people one by one"
    if _REGISTRY.fullmatch(found[1]):
        return f"anybody can have a domain under {found[1]}: name your own"
    return None


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable() and len(value) <= LONGEST_TEXT


def _asks(address: Any) -> bool:
    parts: SplitResult = urlsplit(address)
    return bool(parts.query) or "?" in address


def _is_local(address: object) -> bool:
    safe = is_safe_address(address, on_this_machine=True)
    return safe and _is_loopback(urlsplit(str(address)).hostname or "")

"""What a source may say: the form of each field, and every fault in it at once."""

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from shared.opmm.model import LANGUAGES
from shared.opmm.slugs import SLUG_PATTERN
from shared.storage.source_health import LONGEST_WATCH
from shared.texts.fault_texts import sentence
from shared.webhooks.expressions import fault_in
from shared.webhooks.signing import KeyForm, Scheme, TimeForm

_STAND_IN = "placeholder0placeholder"
"""Stands where something is at fault, so that the rest can be looked at: nowhere else is it itself a fault."""

# Lists of which another rule asks whether they are there.
_STAND_INS: Mapping[str, list[str]] = {"secrets": [], "templates": [_STAND_IN]}


def _expression(text: str) -> str:
    """A JMESPath expression that can be read."""
    if fault := fault_in(text):
        raise PydanticCustomError("jmespath", "{fault}", {"fault": fault})
    return text


def _secret(text: str) -> str:
    """Text without line breaks: pasted secrets like to bring one along."""
    if not text.isprintable() or text != text.strip():
        raise PydanticCustomError("secret", "must be printable, without white space around it")
    return text


def _header(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]{1,64}", text):
        raise PydanticCustomError("header", "must be the name of a header: letters, digits and -, 64 at most")
    return text


def _uri(text: str) -> str:
    if not re.fullmatch(r"https?://[!-~]+", text):
        raise PydanticCustomError("uri", "must be an address: http:// or https://, and what follows, without spaces")
    return text


def _choice(value: Any) -> Any:
    """Told at once: of two sorts that it may be, pydantic tells each by itself."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise PydanticCustomError("choice", "must be text or a whole number")
    return value


Expression = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_expression)]
HeaderName = Annotated[str, AfterValidator(_header)]
Choice = Annotated[str | int, PlainValidator(_choice)]
"""What a choice of a tool means: one word of ours, or a number."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class QuestionSettings(_Strict):
    """Where an answer is found, and what its choices mean."""

    question: str = Field(min_length=1)
    choices: Mapping[str, Choice] | None = None


class SignatureSettings(_Strict):
    """A signature scheme of the customer's own."""

    header: HeaderName
    algorithm: Literal["sha1", "sha256", "sha512", "none"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    prefix: str = ""
    message: str = "{body}"
    id_header: HeaderName | None = None
    timestamp_header: HeaderName | None = None
    timestamp: TimeForm = "seconds"
    tolerance: Annotated[int, Field(ge=1, le=3600)] = 300
    separator: Literal[" ", ","] | None = None
    key: KeyForm = "text"
    uri: Annotated[str, Field(max_length=2000), AfterValidator(_uri)] | None = None

    def scheme(self) -> Scheme:
        """What the verifier takes."""
        return Scheme(
            header=self.header.lower(),
            algorithm=None if self.algorithm == "none" else self.algorithm,
            encodings=(self.encoding,),
            prefix=self.prefix,
            message=self.message,
            id_header=self.id_header and self.id_header.lower(),
            timestamp_header=self.timestamp_header and self.timestamp_header.lower(),
            timestamp=self.timestamp,
            tolerance=self.tolerance,
            separator=self.separator,
            key=self.key,
            uri=self.uri,
        )


class SourceSettings(_Strict):
    """What the document says of one source."""

    provider: str
    secrets: list[Annotated[str, Field(min_length=1), AfterValidator(_secret)]]
    """None at all where the tool hands its own over first."""
    client: Expression | None = None
    header: HeaderName | None = None
    """The header that holds the secret, for a tool that signs nothing."""
    answers: Mapping[str, QuestionSettings] | None = None
    signature: SignatureSettings | None = None
    event: Mapping[str, str] | None = None
    scale: Literal["0-10"] | None = None
    """Says that the question about recommending is answered with 0 to 10, where the tool itself does not."""
    templates: list[Annotated[str, Field(min_length=1)]] | None = Field(default=None, min_length=1)
    """The only surveys of the tool whose ratings count."""
    clients: list[Annotated[str, Field(pattern=SLUG_PATTERN)]] | None = Field(default=None, min_length=1)
    """The only clients it may tell of, by their ids."""
    types: list[str] | None = Field(default=None, min_length=1)
    """The only types of events that it may send."""
    describes: bool = False
    """Whether it may say what clients are called, and which names are one client."""
    silent_after_days: Annotated[int, Field(ge=1, le=LONGEST_WATCH.days)] | None = None
    """After so many days without a call of it somebody is told; never, unless it is given."""


Place = tuple[int | str, ...]
"""The way to a field: names, and places in lists."""


def read_settings(described: dict[str, Any]) -> tuple[SourceSettings, list[tuple[Place, str]]]:
    """The settings, and every fault in the form of their fields, none of which tells what stands there.

    At a place of a fault stands something that is none, or nothing: what else is wrong can be found all the same.
    """
    found: list[tuple[Place, str]] = []
    seen: set[Place] = set()
    sound = described
    while True:
        try:
            return SourceSettings.model_validate(sound), found
        except ValidationError as error:
            # Without the input: it holds secrets.
            details = error.errors(include_url=False, include_input=False)
        sound = deepcopy(sound)
        faults = [(_place(sound, detail), detail) for detail in details]
        found += [(place, sentence(detail, LANGUAGES[0])) for place, detail in faults if place not in seen]
        for place in {place for place, _ in faults}:
            _make_sound(sound, place, again=place in seen)
        seen |= {place for place, _ in faults}


def _place(described: Any, detail: ErrorDetails) -> Place:
    """The field of a fault: without the sort of value, of which pydantic tells behind it."""
    held = described
    place: list[int | str] = []
    for step in detail["loc"]:
        if isinstance(held, dict) and (step in held or detail["type"] == "missing"):
            held = held.get(step)
        elif isinstance(held, list) and isinstance(step, int):
            held = held[step]
        else:
            break
        place.append(step)
    return tuple(place)


def _make_sound(described: Any, place: Place, *, again: bool) -> None:
    """Puts to a place what is sound there; takes it out where that was no help."""
    *way, last = place
    for step in way:
        described = described[step]
    if again:
        del described[last]
    else:
        described[last] = _STAND_INS.get(str(last), _STAND_IN)

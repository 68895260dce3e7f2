"""The sources document: which tools may post, how they sign, and where in their payloads a client is found."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

import jmespath
from jmespath.exceptions import JMESPathError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from functions.ingest.events import DATA
from functions.ingest.webhooks.signatures import SCHEMES, WHSEC, Scheme
from shared.opmm.slugs import SLUG_PATTERN

ASKING = ("typeform", "formbricks", "tally", "survicate")
"""Providers of surveys with questions of one's own: `answers` says which is which."""

SURVEY_ANSWERS = ("specialisms", "roadmap", "inspiration")


def _expression(text: str) -> str:
    """A JMESPath expression that can be read."""
    try:
        jmespath.compile(text)
    except JMESPathError as error:
        raise PydanticCustomError("jmespath", "is no JMESPath expression: {why}", {"why": str(error)}) from error
    return text


Expression = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_expression)]
HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Question(_Strict):
    """Where an answer is found, and what its choices mean."""

    question: str = Field(min_length=1)
    choices: Mapping[str, str | int] | None = None
    """By what the respondent chose: the answer it stands for. Without it choices are taken as they are."""


class Signature(_Strict):
    """A signature scheme of the customer's own."""

    header: HeaderName
    algorithm: Literal["sha1", "sha256", "sha512", "none"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    prefix: str = ""
    message: str = "{body}"
    id_header: HeaderName | None = None
    timestamp_header: HeaderName | None = None
    tolerance: Annotated[int, Field(ge=1, le=3600)] = 300

    @model_validator(mode="after")
    def _names_what_it_signs(self) -> Self:
        if "{body}" not in self.message and self.algorithm != "none":
            raise PydanticCustomError("message", "message must hold {body}: what is not signed can be forged")
        for placeholder, header in (("{id}", self.id_header), ("{timestamp}", self.timestamp_header)):
            if placeholder in self.message and header is None:
                raise PydanticCustomError(
                    "message", "message holds {placeholder}; say in which header it comes", {"placeholder": placeholder}
                )
        return self

    def scheme(self) -> Scheme:
        """The row that the verifier takes."""
        return Scheme(
            header=self.header.lower(),
            algorithm=None if self.algorithm == "none" else self.algorithm,
            encodings=(self.encoding,),
            prefix=self.prefix,
            message=self.message,
            id_header=self.id_header and self.id_header.lower(),
            timestamp_header=self.timestamp_header and self.timestamp_header.lower(),
            tolerance=self.tolerance,
        )


class Source(_Strict):
    """One tool that posts: `POST /v1/webhooks/{its name}`."""

    provider: str
    secrets: list[Annotated[str, Field(min_length=1)]] = Field(min_length=1, max_length=2)
    """The current secret, and during a rotation the previous one."""
    client: Expression | None = None
    """Where the payload names the client."""
    header: HeaderName | None = None
    """The header that holds the secret, for a tool that signs nothing."""
    answers: Mapping[Literal["nps", "comment", "specialisms", "roadmap", "inspiration"], Question] | None = None
    """By what it tells us: the question that asks for it."""
    signature: Signature | None = None
    event: Mapping[str, str] | None = None
    """For a mapping of one's own: the type of event, and by field the expression that finds it."""

    @model_validator(mode="after")
    def _fits_its_provider(self) -> Self:
        for field, message in _misfits(self):
            raise PydanticCustomError("source", "{message}", {"field": field, "message": message})
        return self

    def scheme(self) -> Scheme:
        """How this source signs."""
        if self.signature is not None:
            return self.signature.scheme()
        if self.header is not None:
            return Scheme(self.header.lower(), None)
        return SCHEMES[self.provider]


class Sources(RootModel[dict[Annotated[str, Field(pattern=SLUG_PATTERN)], Source]]):
    """All sources by name."""


def load_sources(document: Any) -> dict[str, Source]:
    """Reads a sources document. Raises SourcesError with every fault, each with the field that it is in."""
    try:
        return Sources.model_validate(document).root
    except ValidationError as error:
        # Without the input: it holds secrets.
        raise SourcesError([_told(detail) for detail in error.errors(include_url=False, include_input=False)]) from None


class SourcesError(ValueError):
    """The document does not describe sources."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def _told(detail: Any) -> str:
    place = [*detail["loc"], *filter(None, [detail.get("ctx", {}).get("field")])]
    return f"{'.'.join(str(step) for step in place) or 'the document'}: {detail['msg']}"


def _misfits(source: Source) -> Iterator[tuple[str, str]]:
    """What does not go with the provider: the field, and what is wrong with it."""
    custom = source.provider == "custom"
    if not custom and source.provider not in SCHEMES:
        yield "provider", f"must be one of {', '.join(sorted([*SCHEMES, 'custom']))}"
        return
    if source.client is None and source.provider != "standard":
        yield "client", "is missing: where does the payload name the client?"
    for field in ("signature", "event"):
        if (getattr(source, field) is not None) != custom:
            yield field, "is missing" if custom else "belongs to the provider custom"
    if (source.answers is not None) != (source.provider in ASKING):
        yield "answers", f"belongs to the providers {', '.join(ASKING)}, which need it"
    elif source.answers is not None and not {"nps", *SURVEY_ANSWERS} & source.answers.keys():
        yield "answers", f"needs at least one of nps, {', '.join(SURVEY_ANSWERS)}"
    if source.header is not None and source.provider != "asknicely":
        yield "header", "belongs to the provider asknicely"
    if not custom and SCHEMES[source.provider].base64_key and not all(map(_is_base64, source.secrets)):
        yield "secrets", f"must each be base64, with or without {WHSEC} before it"
    if custom and source.event is not None:
        yield from _misfits_of_event(source.event)


def _misfits_of_event(mapping: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    data_type = DATA.get(mapping.get("type", ""))
    if data_type is None:
        yield "event.type", f"must be one of {', '.join(DATA)}"
        return
    fields = data_type.model_fields
    required = {name for name, field in fields.items() if field.is_required()} - {"answers"}
    known = {"type", "id", "time", "revision"} | (fields.keys() - {"answers"})
    if "answers" in fields:
        known |= set(SURVEY_ANSWERS)
    for missing in sorted(required - mapping.keys()):
        yield f"event.{missing}", "is missing"
    for field, expression in mapping.items():
        if field not in known:
            yield f"event.{field}", f"is no field of {mapping['type']}; there are {', '.join(sorted(known))}"
        elif field != "type":
            try:
                jmespath.compile(expression)
            except JMESPathError as error:
                yield f"event.{field}", f"is no JMESPath expression: {error}"


def _is_base64(secret: str) -> bool:
    try:
        return bool(base64.b64decode(secret.removeprefix(WHSEC), validate=True))
    except (binascii.Error, ValueError):
        return False

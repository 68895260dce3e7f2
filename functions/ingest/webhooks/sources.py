"""The sources document: which tools may post, how they sign, and where in their payloads a client is found."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from functions.ingest.webhooks.expressions import fault_in
from functions.ingest.webhooks.misfits import misfits
from functions.ingest.webhooks.signatures import SCHEMES, Scheme
from shared.opmm.slugs import SLUG_PATTERN


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
    secrets: list[Annotated[str, Field(min_length=1), AfterValidator(_secret)]] = Field(min_length=1, max_length=2)
    """The current secret, and during a rotation the previous one."""
    client: Expression | None = None
    """Where the payload names the client."""
    header: HeaderName | None = None
    """The header that holds the secret, for a tool that signs nothing."""
    answers: Mapping[str, Question] | None = None
    """By what it tells us: the question that asks for it."""
    signature: Signature | None = None
    event: Mapping[str, str] | None = None
    """For a mapping of one's own: the type of event, and by field the expression that finds it."""

    @model_validator(mode="after")
    def _fits_its_provider(self) -> Self:
        faults = list(misfits(self))
        if faults:
            raise PydanticCustomError("source", "does not fit its provider", {"faults": faults})
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
        details = error.errors(include_url=False, include_input=False)
        raise SourcesError([fault for detail in details for fault in _told(detail)]) from None


class SourcesError(ValueError):
    """The document does not describe sources."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def _told(detail: Any) -> Iterator[str]:
    """The faults in one error of the validation, each behind the field that it is in."""
    for field, message in detail.get("ctx", {}).get("faults") or [("", detail["msg"])]:
        place = ".".join(str(step) for step in [*detail["loc"], *filter(None, [field])])
        yield f"{place or 'the document'}: {message}"

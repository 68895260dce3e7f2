"""`POST /v1/webhooks/{source}`: verified over the raw bytes, and acknowledged as soon as it is stored."""

from collections.abc import Callable
from datetime import datetime

from pydantic_core import from_json

from functions.ingest.traffic import Traffic
from functions.ingest.webhooks.processing import Processing, summarised
from shared.http.requests import Request, Response
from shared.opmm.dataclass import dataclass
from shared.webhooks.provider import Source
from shared.webhooks.signing import STANDARD_WEBHOOKS, Call, verify

_LONGEST_PROBE = 2048
_EVENT_NAMES = ("event", "type", "event_type", "eventType", "EventType", "name")
_TEST_EVENTS = ("test.executed", "testEndpoint")


@dataclass(frozen=True, slots=True)
class PostWebhook:
    """Responds 200 whatever is in a signed call: tools disable endpoints that respond 4xx, and drop what they sent."""

    sources: Callable[[str], Source | None]
    processing: Processing
    clock: Callable[[], datetime]
    traffic: Traffic

    def __call__(self, request: Request, source: str) -> Response:
        """Raises UnauthenticatedError for a bad signature; a source that does not exist looks the same.

        Raises UnavailableError for a source that cannot be read: its tool tries again, when it is mended perhaps.
        """
        body = request.body()
        if is_probe(body):
            self.traffic.probed()
            return Response(200, {"status": "ignored"})
        known = self.sources(source)
        if known:
            self.traffic.from_source(known.name)
        scheme = known.scheme if known else STANDARD_WEBHOOKS
        if known and not known.secrets and hands_over(known, body):
            outcomes = [self.processing.hold(known, body, request.media_type)]
        else:
            call = Call(request.headers, body, request.method, request.uri)
            verify(scheme, known.secrets if known else (), call, self.clock())
            assert known is not None  # noqa: S101 - verify has refused a source without secrets
            outcomes = self.processing.process(known, body, request.media_type)
        for outcome in outcomes:
            self.traffic.count("thin" if outcome.reason == "thin" else outcome.status)
        return Response(200, summarised(outcomes))


def probe(request: Request, source: str) -> Response:  # noqa: ARG001 - all get the same
    """`GET`, `HEAD`, `OPTIONS`: tools look whether somebody is there, before a source is set up or after.

    Who asks as the webhooks of CloudEvents do gets leave to send, from anywhere and as fast as it likes: what is
    not signed is refused later. The address at which leave could be given as well is not called.
    https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md#4-abuse-protection
    """
    headers = {"Allow": "GET, HEAD, OPTIONS, POST"}
    if request.method == "OPTIONS" and "webhook-request-origin" in request.headers:
        headers |= {"WebHook-Allowed-Origin": "*", "WebHook-Allowed-Rate": "*"}
    return Response(200, {"status": "ok"}, headers)


def hands_over(source: Source, body: bytes) -> bool:
    """Whether a tool sends its secret to a source that has none yet."""
    if source.provider.handed_over is None or len(body) > _LONGEST_PROBE:
        return False
    try:
        return source.provider.handed_over(from_json(body))
    except ValueError:
        return False


def is_probe(body: bytes) -> bool:
    """Whether a tool only tries out whether somebody is there; such calls are unsigned.

    HiBob sends "Ping test" (with and without quotes, or as `text`), AFAS `test.executed`, Formbricks `testEndpoint`.
    """
    if not 0 < len(body) <= _LONGEST_PROBE:
        return False
    if body.strip() == b"Ping test":
        return True
    try:
        payload = from_json(body)
    except ValueError:
        return False
    if isinstance(payload, dict):
        named = [payload.get(name) for name in _EVENT_NAMES]
        return payload == {"text": "Ping test"} or any(name in _TEST_EVENTS for name in named if isinstance(name, str))
    return bool(payload == "Ping test")

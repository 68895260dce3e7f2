"""Every tool that can be connected: how its payloads become events. Adding one is a module beside this, and a row here.

How it signs stands in the table of `signatures`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from functions.ingest.webhooks import (
    asknicely,
    custom,
    delighted,
    formbricks,
    standard,
    survicate,
    tally,
    thin,
    typeform,
    wootric,
)
from functions.ingest.webhooks.drafts import Adapter
from functions.ingest.webhooks.misfits import THIN


def _whole(payload: Any) -> list[Any]:
    return [payload]


@dataclass(frozen=True, slots=True)
class Provider:
    """How the payloads of one tool are read."""

    adapt: Adapter
    split: Callable[[Any], list[Any]] = _whole
    """What of a payload is taken or parked by itself."""


PROVIDERS: Mapping[str, Provider] = {
    "delighted": Provider(delighted.adapt),
    "typeform": Provider(typeform.adapt),
    "formbricks": Provider(formbricks.adapt),
    "wootric": Provider(wootric.adapt),
    "asknicely": Provider(asknicely.adapt),
    "tally": Provider(tally.adapt),
    "survicate": Provider(survicate.adapt),
    "standard": Provider(standard.adapt, standard.split),
    "custom": Provider(custom.adapt),
    **dict.fromkeys(THIN, Provider(thin.adapt)),
}

"""Every tool that can be connected: how its payloads become events. Adding one is a module beside this, and a row here.

How it signs stands in the table of `signatures`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from functions.ingest.webhooks import custom, delighted, standard, thin
from functions.ingest.webhooks.drafts import Adapter


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
    "standard": Provider(standard.adapt, standard.split),
    "custom": Provider(custom.adapt),
    **dict.fromkeys(("surveymonkey", "afas", "bamboohr", "hibob", "gusto", "deel"), Provider(thin.adapt)),
}

"""What somebody types into a tool, so that it posts to a source."""

import json
from collections.abc import Mapping, Sequence

from shared.storage.parked import Parked
from shared.webhooks.provider import Source
from shared.webhooks.signing import Scheme

_MOST_HANDED_OVER = 100


def told(source: Source, address: str, handed_over: Sequence[str], *, show: bool) -> list[str]:
    """The address, the header and the secret, and where in a payload the source looks. Secrets with `show` only."""
    secrets = [*source.secrets] or ["none yet"]
    if source.secrets and not show:
        secrets = [f"{source.provider.signs_with}; SHOW=1 shows {'them' if len(secrets) > 1 else 'it'}"]
    rows: dict[str, str] = {
        "address": address,
        "method": "POST, as JSON",
        "header": f"{source.scheme.header}: {header_of(source.scheme)}",
        "secret": " and before ".join(secrets),
    }
    if handed_over:
        rows["given"] = "; ".join(handed_over) if show else f"{len(handed_over)} by the tool; SHOW=1 shows what"
    if source.client is not None:
        rows["client"] = f"found by {source.client}"
    for name, question in source.answers.items():
        rows[f"  {name}"] = f"question {question.question}" + (
            f", {len(question.choices)} choices with a meaning" if question.choices else ""
        )
    if source.scale or source.templates:
        rows["scale"] = source.scale or f"0-10 of the surveys {', '.join(sorted(source.templates or ()))}"
    return [f"{source.name}  {source.provider.name}", *(f"  {name:<10}{value}" for name, value in rows.items())]


def header_of(scheme: Scheme) -> str:
    """What stands in the header, in words."""
    before = f" behind {scheme.prefix}" if scheme.prefix else ""
    if scheme.algorithm is None:
        return f"the secret itself{before}; add this header in the tool"
    of = "the body" if scheme.message == "{body}" else scheme.message
    encoding = " or ".join(scheme.encodings)
    return f"HMAC-{scheme.algorithm.upper()} of {of}, in {encoding}{before}; the tool adds it by itself"


def handed_over(parked: Parked, source: Source) -> list[str]:
    """The secrets that were handed over to a source that has none, as they came. Strangers can send such, too."""
    if source.provider.handed_over is None:
        return []
    page = parked.page(source.name, _MOST_HANDED_OVER, None)
    items = [parked.get(listed.id) for listed in page.items if listed.reason == "handed_over"]
    found = [json.loads(item.body) for item in items if item is not None]
    return [", ".join(f"{name} {value}" for name, value in _texts(payload).items()) for payload in found]


def _texts(payload: Mapping[str, object]) -> dict[str, str]:
    return {name: value for name, value in payload.items() if isinstance(value, str)}

"""The ledger of a client, as the API tells it."""

from typing import Any

from tests.support.service import Service


def ledger(service: Service, name: str) -> list[dict[str, Any]]:
    """Every change of a client, the oldest first."""
    changes: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = service.get(f"/v1/clients/{name}/history?limit=100{cursor and '&cursor='}{cursor}").json
        changes += page["changes"]
        cursor = page["next"]
    return changes[::-1]


def adds_up(changes: list[dict[str, Any]], total: int) -> bool:
    """Whether the changes lead from nothing to the total, each from where the one before ended, part by part."""
    at = 0
    for change in changes:
        parts = sum((each["after"]["points"] or 0) - (each["before"]["points"] or 0) for each in change["dimensions"])
        if change["total_before"] != at or change["total_after"] != at + parts:
            return False
        at += parts
    return at == total

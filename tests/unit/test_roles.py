"""Which keys of a table roles are held to. The emulator looks at no keys, so this is looked at here."""

import pytest

from shared.storage import alert_claims, attention, deliveries, digests, journal, overviews
from tests.support.template import document, role_statements

ROLES = [name for name, resource in document()["Resources"].items() if resource["Type"] == "AWS::IAM::Role"]
NAME_A_KEY = {f"dynamodb:{call}" for call in ("DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem")}


@pytest.mark.parametrize("role", ROLES)
def test_keys_are_asked_for_where_every_request_names_one(role: str) -> None:
    for statement in role_statements(role):
        assert statement.keys is None or set(statement.actions) <= NAME_A_KEY, statement.sid


def test_roles_are_held_to_keys_as_they_are_laid_down() -> None:
    held = {
        f"{role} {statement.sid}": set(statement.keys)
        for role in ROLES
        for statement in role_statements(role)
        if statement.keys is not None
    }

    assert held == {
        "QueryRole ReadTheJournal": {journal.ABOUT},
        "QueryRole KeepTheOverview": {overviews.KEY["client_id"]},
        "PagesRole KeepAttention": {attention.ABOUT},
        "PagesRole ReadDeliveries": {f"{deliveries.ABOUT}*"},
        "EraseRole EraseNotifications": {
            attention.ABOUT,
            *(f"{beginning}*" for beginning in (alert_claims.ABOUT, deliveries.ABOUT, digests.ABOUT)),
        },
        "EraseRole EraseFromDigests": {f"{digests.ABOUT}*"},
    }

from datetime import UTC, date, datetime

from shared.storage.records import ORDERS, Summary

MOST_BYTES = 1024
"""https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html"""


def row(name: str, client_id: str = "acme") -> Summary:
    return Summary(
        client_id=client_id,
        name=name,
        described=True,
        status="active",
        as_of=date(2026, 11, 24),
        model="opmm-1",
        version=1,
        changed_at=datetime(2026, 11, 24, 12, tzinfo=UTC),
        digest="sha256:0",
        total=7,
        max_total=20,
        attainable=8,
        complete=False,
        stale=False,
        dimensions=(),
        earlier_total=0,
        discussion=(),
    )


def test_names_stand_by_their_letters_and_equal_ones_by_their_ids() -> None:
    rows = [row("beta", "0"), row("Acme-Zuid", "0"), row("ACME Beheer", "0"), row("acme", "b"), row("Acme", "a")]

    ordered = [(each.name, each.client_id) for each in sorted(rows, key=ORDERS["name"])]
    assert ordered == [("Acme", "a"), ("acme", "b"), ("ACME Beheer", "0"), ("Acme-Zuid", "0"), ("beta", "0")]


def test_no_name_makes_a_position_that_dynamodb_refuses() -> None:
    longest = row("\u0390" * 200, "c" * 64)  # three letters each, once the case is folded

    assert {order for order, position in ORDERS.items() if len(position(longest).encode()) > MOST_BYTES} == set()

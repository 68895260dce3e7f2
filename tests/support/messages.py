"""Messages as destinations are sent them: a usual one, a hostile one, and one that is far too long."""

from datetime import UTC, datetime

from shared.destinations.message import Line, Message, Section

OCCURRED_AT = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
HOSTILE = (
    "<!channel> *Acme* _& Sons_ ~x~ `y` [click](https://evil.example) <https://evil.example|ACME> <at>Sam</at>"
    " \N{RIGHT-TO-LEFT MARK}</title><script>alert(1)</script>"
)
"""What somebody may have called a client."""


def message(
    *, title: str = "Acme fell by 3 points", lines: int = 2, text: str = "Acme: 12 of 20, the roadmap grew stale"
) -> Message:
    """A message with a lead and two sections."""
    told = tuple(
        Line(f"{text} ({number})", f"https://pages.example/clients/acme?at={number}") for number in range(lines)
    )
    return Message(
        id="20261123T063000Z.0123456789abcdef",
        kind="digest",
        occurred_at=OCCURRED_AT,
        title=title,
        sections=(
            Section(None, (Line("The week of 16 November"),)),
            Section("Fallen", told),
            Section("Talks", (Line("Globex: on Thursday"),)),
        ),
        data={"client_id": "acme", "total": 12, "note": "caf\u00e9"},
        link="https://pages.example/notifications",
    )

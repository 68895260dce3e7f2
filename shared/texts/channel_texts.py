"""What channels add to a message, English and Dutch side by side."""

from collections.abc import Mapping

CHANNEL_TEXTS: Mapping[str, tuple[str, str]] = {
    "channel_more": ("And {count} more lines.", "En nog {count} regels."),
    "channel_more_one": ("And one more line.", "En nog één regel."),
    "channel_open": ("Open in OPMM", "Openen in OPMM"),
    "channel_test": ("A test of this destination", "Een test van deze bestemming"),
    "channel_test_line": (
        "It works: what this destination wants will come here.",
        "Het werkt: wat deze bestemming wil, komt hier.",
    ),
}

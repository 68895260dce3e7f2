"""What saving a talk has done, on the page that it leads to."""

import re

from functions.pages.controls import saved_strip
from functions.pages.layout import PageContext
from functions.pages.markup import Child

SAVED_BEFORE = "talk"
"""What the address says after a form that had been saved already, by the same button: nothing more has moved."""

_SAVED = re.compile(r"talk\.(\d{1,3})\.(\d{1,3})", re.ASCII)


def saved_talk(before: int, after: int) -> str:
    """What the address of the client's page says after it: the total before, and with the answers."""
    return f"talk.{before}.{after}"


def saved_talk_note(context: PageContext) -> Child:
    """The talk was saved: from which total to which. The score follows within seconds."""
    saved, words = context.request.query.get("saved", ""), context.words
    if saved == SAVED_BEFORE:
        return saved_strip(words("talk_saved"))
    found = _SAVED.fullmatch(saved)
    if not found:
        return None
    before, after = map(int, found.groups())
    return saved_strip(words("talk_saved_same" if before == after else "talk_saved_moved", before=before, after=after))

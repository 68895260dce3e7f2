"""What messages of several kinds say alike, and what calendars say of it."""

from typing import TYPE_CHECKING

from shared.opmm.ledger import Cause, Move
from shared.opmm.model import Model

if TYPE_CHECKING:
    from shared.texts.words import Words


def client_address(pages: str, client_id: str) -> str:
    """Where the page of a client is; `pages` is the address of the pages, with a slash behind it."""
    return f"{pages}clients/{client_id}"


def question_text(key: str, model: Model, language: str) -> str:
    """What a question is called; one that the model does not have any more goes by its key."""
    dimension = model.find(key)
    return dimension.name[language] if dimension else key


def cause_text(cause: Cause, words: "Words") -> str:
    """By what a score has moved."""
    return words("digest_moved_alone", causes=words(f"by_{cause}")) + "."


def move_text(move: Move, model: Model, words: "Words") -> str:
    """A question, and from which points to which it moved."""
    before, after = (
        words("digest_unknown") if reading.points is None else str(reading.points)
        for reading in (move.before, move.after)
    )
    return words("digest_question", name=question_text(move.key, model, words.language), before=before, after=after)

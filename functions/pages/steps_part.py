"""Next steps: what would raise the score, and what would lower it."""

from collections.abc import Sequence

from functions.pages.markup import Child, tag
from shared.opmm.model import Model
from shared.opmm.next_steps import Step
from shared.texts.sentences import step_text
from shared.texts.words import Words, signed


def steps(found: Sequence[Step], model: Model, words: Words) -> Child:
    """The smallest changes that gain and that lose points, the biggest first."""
    gains = [step for step in found if step.points > 0]
    losses = sorted((step for step in found if step.points < 0), key=lambda step: step.points)
    return tag.section(
        tag.h2(words("steps")),
        tag.div(
            tag.div(tag.h3(words("gains")), _list(gains, "no_gains", model, words)),
            tag.div(tag.h3(words("losses")), _list(losses, "no_losses", model, words)),
            class_="columns",
        ),
        class_="card",
    )


def _list(found: Sequence[Step], otherwise: str, model: Model, words: Words) -> Child:
    if not found:
        return tag.p(words(otherwise), class_="hint")
    return tag.ul(
        (
            tag.li(
                tag.span(signed(step.points), class_=f"badge {'up' if step.points > 0 else 'down'}"),
                " ",
                _text(step, model, words),
            )
            for step in found
        ),
        class_="moves",
    )


def _text(step: Step, model: Model, words: Words) -> str:
    """A day names no question, so it is put before."""
    text = step_text(step, model, words.language)
    name = model.dimension(step.dimension).name[words.language]
    return f"{name}: {text}" if step.input == "day" else text[:1].upper() + text[1:]

"""Model documents: whether one can be scored by, and where it cannot."""

import json
from pathlib import Path
from typing import Annotated

import typer

from shared.opmm.model import Model
from shared.opmm.model_document import ModelError, load_model, published_model
from tools.errors import ToolError
from tools.options import filled

model = typer.Typer(help="Documents of questions and what they are worth.")


@model.command()
def check(
    document: Annotated[
        str, typer.Argument(parser=filled, metavar="FILE|NAME", help="A file, or the name of one that is published.")
    ],
) -> None:
    """Say whether a model document can be scored by; if not, what is wrong, and at which place."""
    try:
        found = read(Path(document)) if _is_file(document) else published_model(document)
    except ModelError as damaged:
        raise ToolError(f"{document}: {damaged}") from damaged
    questions = ", ".join(f"{dimension.key} ({dimension.kind}, {dimension.max})" for dimension in found.dimensions)
    print(f"{found.id} is a model: {questions}; {found.max_total} points at most.")


def read(file: Path) -> Model:
    """The model in a file. Raises ModelError with what is wrong, and ToolError when there is no such file."""
    try:
        return load_model(json.loads(file.read_text(encoding="utf-8-sig")))
    except FileNotFoundError:
        raise ToolError(f"{file} does not exist.") from None
    except UnicodeDecodeError as error:
        raise ModelError(f"is not UTF-8 at byte {error.start}") from error
    except json.JSONDecodeError as error:
        raise ModelError(f"is not JSON: {error}") from error


def _is_file(document: str) -> bool:
    return document.endswith(".json") or "/" in document

"""Models that nobody has published: other questions, of another number, worth other points.

`six` asks two choices and a count that the published table does not have, and compares over other days. `three` asks
for no NPS, and its questions stand in another order.
"""

import json
from functools import cache
from pathlib import Path

from shared.opmm.model import Model
from shared.opmm.model_document import load_model


@cache
def test_model(name: str) -> Model:
    """The model of the document of this name in this folder."""
    return load_model(json.loads(Path(__file__).with_name(f"{name}.json").read_text(encoding="utf-8")))


test_model.__test__ = False  # type: ignore[attr-defined]  # pytest takes every name that begins with test for a test

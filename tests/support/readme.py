"""The examples of the README and of docs, so that tests try what they tell a reader to do."""

import re
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_README = _ROOT / "README.md"


def examples(section: str, language: str) -> list[str]:
    """The code blocks of a section in a language, in their order."""
    return _blocks(section_of(section), language)


def examples_of(page: str, language: str) -> list[str]:
    """The code blocks of a page in docs in a language, in their order."""
    return _blocks((_ROOT / "docs" / page).read_text(encoding="utf-8"), language)


def _blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def section_of(heading: str) -> str:
    """The text under a heading of the second level."""
    _, found, rest = _README.read_text(encoding="utf-8").partition(f"\n## {heading}\n")
    assert found, f"the README has no section {heading}"
    return rest.partition("\n## ")[0]

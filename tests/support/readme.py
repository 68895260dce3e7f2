"""The README's own examples, so that tests try what it tells a reader to do."""

import re
from pathlib import Path

_README = Path(__file__).parents[2] / "README.md"


def examples(section: str, language: str) -> list[str]:
    """The code blocks of a section in a language, in their order."""
    text = section_of(section)
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def section_of(heading: str) -> str:
    """The text under a heading of the second level."""
    _, found, rest = _README.read_text(encoding="utf-8").partition(f"\n## {heading}\n")
    assert found, f"the README has no section {heading}"
    return rest.partition("\n## ")[0]

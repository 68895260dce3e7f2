"""What the README says about connecting a tool is true."""

import re
from pathlib import Path

import pytest

from shared.opmm.model_document import published_model
from shared.webhooks.provider import provider_names
from tests.support.readme import examples, section_of
from tests.unit.webhooks.adapting import MODEL
from tools.json_files import hint
from tools.sources import read_document

SECTION = "Connect a survey tool or an HR system"


def test_the_sources_of_the_readme_are_taken_as_they_stand(tmp_path: Path) -> None:
    file = tmp_path / "sources.json"
    file.write_text(examples(SECTION, "json")[0], encoding="utf-8")
    file.chmod(0o600)

    assert read_document(file, published_model()).keys() == {"nps", "partner-survey", "hr"}
    assert hint(file) is None


@pytest.mark.parametrize("name", provider_names())
def test_every_provider_has_a_row_in_the_readme(name: str) -> None:
    first_cells = re.findall(r"^\| (`.*?) \|", section_of(SECTION), re.MULTILINE)

    assert f"`{name}`" in ", ".join(first_cells)


def test_the_readme_names_every_survey_question() -> None:
    assert all(f"`{question.key}`" in section_of(SECTION) for question in MODEL.survey_questions)

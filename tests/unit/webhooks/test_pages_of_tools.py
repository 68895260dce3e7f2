"""What the pages about connecting a tool say is true: their sources are taken, and take what the tool sends."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from shared.opmm.model_document import published_model
from shared.sheets.interpretation import by_slug
from shared.webhooks.provider import Source
from shared.webhooks.signing import Call, verify
from shared.webhooks.sources import load_sources
from tests.support.readme import section_of
from tests.support.service import NOW
from tests.unit.tools.test_connecting import SURVEYS, ZONE
from tests.unit.webhooks.test_readme import SECTION
from tools.connecting.reading import client_of, read
from tools.connecting.samples import SAMPLE_CLIENT, sample_for

PAGES = sorted(path for path in (Path(__file__).parents[3] / "docs" / "connect").glob("*.md") if path.stem != "README")
MODEL = published_model()


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


def sources(page: Path) -> dict[str, Source]:
    """The sources of a page, which nobody could store if they were not valid."""
    found: dict[str, Source] = {}
    for block in blocks(page, "json"):
        found |= load_sources(json.loads(block), MODEL, to_store=True)
    return found


EVERY = {name: source for page in PAGES for name, source in sources(page).items()}
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


@each_page
def test_the_sources_of_a_page_can_be_pasted_and_stored(page: Path) -> None:
    assert sources(page)


@each_page
def test_a_page_says_how_one_of_its_sources_is_tried(page: Path) -> None:
    tried = re.findall(r"`make sources SOURCE=([a-z-]+) TEST=\S+[^`]*`", page.read_text(encoding="utf-8"))
    assert tried
    assert set(tried) <= sources(page).keys()


@each_page
def test_the_index_leads_to_every_page(page: Path) -> None:
    assert f"({page.name})" in (page.parent / "README.md").read_text(encoding="utf-8")


def test_the_page_of_a_row_in_the_readme_has_a_source_of_each_tool_of_the_row() -> None:
    rows = re.findall(r"^\| (`.*?`) \(\[page\]\(docs/connect/(\w+)\.md\)\) \|", section_of(SECTION), re.MULTILINE)

    for names, stem in rows:
        [page] = [page for page in PAGES if page.stem == stem]
        assert set(re.findall("`(.*?)`", names)) == {source.provider.name for source in sources(page).values()}
    assert sorted(stem for _, stem in rows) == [page.stem for page in PAGES]


@pytest.mark.parametrize("provider", SURVEYS)
def test_what_the_tool_sends_counts_by_the_source_of_its_page(provider: str) -> None:
    [source] = [source for source in EVERY.values() if source.provider.name == provider]
    body = json.dumps(sample_for(source, SAMPLE_CLIENT, MODEL, NOW)).encode()

    found = [
        (words.partition(":")[0], event and client_of(source, fragment, event, by_slug)[1])
        for fragment, words, event in read(source, body, "application/json", model=MODEL, zone=ZONE, now=NOW)
    ]

    assert found[0] == ("consultants.counted" if provider == "standard" else "nps.responded", "opmm-test")
    assert {client for _, client in found} == {"opmm-test"}


def test_the_script_of_the_page_signs_what_its_source_verifies(monkeypatch: pytest.MonkeyPatch) -> None:
    [page] = [page for page in PAGES if page.stem == "standard"]
    [code] = blocks(page, "python")
    script: dict[str, Any] = {"__name__": "script"}
    exec(code, script)  # noqa: S102 - the page's own code
    for clock, value in (("time", NOW.timestamp), ("gmtime", NOW.timetuple)):
        monkeypatch.setattr(script["time"], clock, value)

    request = script["request"]({"acme": (8, 6)}, "2026-11-01")

    source = EVERY["hr"]
    headers = {name.lower(): value for name, value in request.header_items()}
    verify(source.scheme, source.secrets, Call(headers, request.data), NOW)
    told = [words for _, words, _ in read(source, request.data, "application/json", model=MODEL, zone=ZONE, now=NOW)]
    assert told == ["consultants.counted: working 8, happy 6, as_of 2026-11-01"]

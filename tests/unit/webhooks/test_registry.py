"""Providers are found by the names of their files."""

import sys

import pytest

from shared.webhooks import providers
from shared.webhooks.provider import Provider, find_provider, provider_names
from tests.support.webhooks import NAMES, SOURCES
from tests.unit.webhooks.adapting import source_of


def found(name: str) -> Provider:
    provider = find_provider(name)
    assert provider is not None
    return provider


@pytest.mark.parametrize("name", provider_names())
def test_a_provider_bears_the_name_of_its_file(name: str) -> None:
    assert found(name).name == name


@pytest.mark.parametrize("name", provider_names())
def test_a_provider_says_how_it_signs_or_needs_to_be_told(name: str) -> None:
    provider = found(name)

    assert (provider.scheme is None) == ("signature" in provider.needs)
    assert not set(provider.needs) & set(provider.takes)


@pytest.mark.parametrize(
    "name", ["", "nobody", "__init__", ".delighted", "..provider", "delighted.adapt", "Delighted", "delighted\n", "/"]
)
def test_what_is_no_file_reaches_no_import(name: str) -> None:
    before = set(sys.modules)

    assert find_provider(name) is None
    assert set(sys.modules) == before


def test_only_the_provider_of_a_source_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    modules = {name: f"{providers.__name__}.{name}" for name in provider_names()}
    for module in modules.values():
        monkeypatch.delitem(sys.modules, module, raising=False)

    source_of(SOURCES[NAMES["delighted"]])

    assert [name for name, module in modules.items() if module in sys.modules] == ["delighted"]

"""How the modules of the webhooks depend on each other."""

import ast
from graphlib import TopologicalSorter
from importlib.util import find_spec
from pathlib import Path

from shared.webhooks.provider import provider_names

ROOT = Path(__file__).parents[3]
PACKAGES = ("shared/webhooks", "functions/ingest/webhooks")
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
}


def imported(path: Path) -> set[str]:
    """The modules of the webhooks that a module imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found & MODULES.keys()


def test_no_module_imports_what_imports_it() -> None:
    graph = {name: imported(path) for name, path in MODULES.items()}

    assert len(list(TopologicalSorter(graph).static_order())) == len(MODULES)


def test_nothing_but_documents_is_imported_for_its_types_only() -> None:
    """Documents are types and nothing else, which no cold start should load; anything else would hide a circle."""
    hidden = {
        (name, inner.module)
        for name, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in node.body
        if isinstance(inner, ast.ImportFrom)
    }
    assert {module for _, module in hidden} == {"shared.api.intake_documents"}


def test_no_module_names_a_provider_so_that_another_one_touches_none() -> None:
    providers = {f"shared.webhooks.providers.{name}" for name in provider_names()}

    assert providers <= MODULES.keys()
    assert [name for name, path in MODULES.items() if imported(path) & providers] == []
    assert all(find_spec(name) for name in providers)

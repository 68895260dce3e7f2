import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.support.template import environment

ROOT = Path(__file__).parents[2]
FUNCTIONS = ("erase", "ingest", "notify", "pages", "query", "score")
AWS_SDK = ("boto3", "botocore", "s3transfer", "mypy_boto3")
STANDARD = sys.stdlib_module_names
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "localtime"),
    ("time", "gmtime"),
}
POWERTOOLS = "POWERTOOLS_"
"""How the variables begin that Powertools reads by itself."""


@dataclass(frozen=True)
class Module:
    """A module of ours."""

    name: str
    path: Path

    @property
    def package(self) -> str:
        """Its first two names: `shared.opmm`, `functions.score`."""
        return ".".join(self.name.split(".")[:2])

    @property
    def is_handler(self) -> bool:
        return self.path.name == "handler.py"


@cache
def tree(module: Module) -> ast.Module:
    return ast.parse(module.path.read_text(encoding="utf-8"))


def modules(*folders: str) -> Iterator[Module]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield Module(".".join(part for part in parts if part != "__init__"), path)


def imports(module: Module) -> set[str]:
    """Everything that is imported anywhere in a module, names included: `shared.opmm.model.Model`."""
    found: set[str] = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module.name} imports relative to itself"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def mentions(module: Module) -> set[str]:
    """Every dotted name in a module, and what is imported under it: `os.environ`, `datetime.datetime.now`."""
    chains = {ast.unparse(node) for node in ast.walk(tree(module)) if isinstance(node, ast.Attribute)}
    return chains | imports(module)


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


MODULES = list(modules("shared", "functions"))
TOOLS = list(modules("tools"))
each_module = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
each_module_below_the_edge = pytest.mark.parametrize(
    "module", [module for module in MODULES if not module.is_handler], ids=lambda module: module.name
)


def test_every_module_is_looked_at() -> None:
    assert {module.package for module in MODULES} == {
        "shared",
        "functions",
        "shared.api",
        "shared.destinations",
        "shared.http",
        "shared.intake",
        "shared.invocations",
        "shared.opmm",
        "shared.people",
        "shared.reading",
        "shared.sheets",
        "shared.storage",
        "shared.telemetry",
        "shared.version",
        "shared.texts",
        "shared.webhooks",
        *(f"functions.{name}" for name in FUNCTIONS),
    }
    assert [module.package for module in MODULES if module.is_handler] == [f"functions.{name}" for name in FUNCTIONS]


@each_module
def test_imports_point_from_functions_to_shared_and_never_back(module: Module) -> None:
    if within(module.name, "shared"):
        assert [name for name in imports(module) if within(name, "functions")] == []


@each_module
def test_a_function_imports_no_other_function(module: Module) -> None:
    mine = [name for name in imports(module) if within(name, "functions")]
    assert [name for name in mine if not within(name, module.package)] == []


@each_module
def test_what_is_deployed_imports_neither_tools_nor_tests(module: Module) -> None:
    assert [name for name in imports(module) if within(name, "tools", "tests")] == []


@pytest.mark.parametrize(
    "module",
    TOOLS,
    ids=lambda module: module.name,
)
def test_tools_import_shared_and_no_function(module: Module) -> None:
    assert [name for name in imports(module) if within(name, "functions", "tests")] == []


def test_packaging_imports_the_standard_library_and_the_core_only() -> None:
    packaging = [module for module in TOOLS if within(module.name, "tools.package", "tools.packaging")]
    foreign = [name for module in packaging for name in imports(module) if name.partition(".")[0] not in STANDARD]
    assert len(packaging) > 3
    assert [name for name in foreign if not within(name, "shared.opmm", "tools.packaging")] == []


@pytest.mark.parametrize(
    "module", [each for each in MODULES if each.package == "shared.opmm"], ids=lambda each: each.name
)
def test_the_core_imports_the_standard_library_and_itself_only(module: Module) -> None:
    foreign = [name for name in imports(module) if name.partition(".")[0] not in sys.stdlib_module_names]
    assert [name for name in foreign if not within(name, "shared.opmm")] == []


@each_module
def test_dataclasses_are_those_that_cost_a_cold_start_little(module: Module) -> None:
    if module.name != "shared.opmm.dataclass":
        assert "dataclasses.dataclass" not in imports(module), "import it from shared.opmm.dataclass"


@each_module
def test_only_storage_imports_the_aws_sdk(module: Module) -> None:
    if module.package != "shared.storage":
        sdk = [name for name in imports(module) if name.partition(".")[0].startswith(AWS_SDK)]
        assert sdk == []


@each_module
def test_core_texts_and_http_know_no_storage(module: Module) -> None:
    if module.package in ("shared.opmm", "shared.http", "shared.texts"):
        assert [name for name in imports(module) if within(name, "shared.storage")] == []


@each_module_below_the_edge
def test_the_environment_is_read_in_handlers_only(module: Module) -> None:
    names = ("os.environ", "os.environb", "os.getenv", "os.putenv")
    assert [name for name in mentions(module) if within(name, *names)] == []


@each_module_below_the_edge
def test_the_clock_is_read_in_handlers_only(module: Module) -> None:
    read = {tuple(name.split(".")[-2:]) for name in mentions(module)}
    assert read & CLOCKS == set()


@pytest.mark.parametrize("module", [each for each in MODULES if each.is_handler], ids=lambda each: each.name)
def test_a_function_is_given_exactly_the_variables_that_its_handler_reads(module: Module) -> None:
    read = {
        node.slice.value
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Subscript)
        and isinstance(node.slice, ast.Constant)
        and ast.unparse(node.value) in ("environment", "self.environment", "os.environ")
    }
    function = module.package.removeprefix("functions.").capitalize() + "Function"
    given = {name for name in environment(function) if not name.startswith(POWERTOOLS)}
    assert given - read == {"RELEASE"}  # it is there to be another one in each release
    assert read <= given


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_logs_under_its_own_name(function: str) -> None:
    assert environment(f"{function.capitalize()}Function")["POWERTOOLS_SERVICE_NAME"] == function

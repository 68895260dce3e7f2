"""The artifact for the default runtime: what is in it, and that its functions start with that very Python."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.support.clients import REGION
from tests.support.service import http_event
from tests.support.template import document, environment
from tools.packaging.build_record import BuildRecord, version
from tools.packaging.interpreters import interpreter_of
from tools.stack import Settings

ROOT = Path(__file__).parents[2]
RUNTIME: str = document()["Parameters"]["Runtime"]["Default"]
ARCHITECTURE = Settings().architecture

# Bytes of all files, as Lambda unpacks them: 24.5 million in November 2026 (x86_64).
MOST_BYTES = 26_000_000
FUNCTIONS = ("ingest", "score", "query", "pages", "erase", "notify")

# Every module of ours is imported, and whatever is imported anywhere in one, within functions too, but for types alone.
IMPORT_EVERYTHING = """
import ast, importlib, pathlib

class Imports(ast.NodeVisitor):
    def visit_If(self, node):
        if ast.unparse(node.test) != "TYPE_CHECKING":
            self.generic_visit(node)

    def visit_Import(self, node):
        for alias in node.names:
            importlib.import_module(alias.name)

    def visit_ImportFrom(self, node):
        importlib.import_module(node.module)

for path in [*pathlib.Path("functions").rglob("*.py"), *pathlib.Path("shared").rglob("*.py")]:
    importlib.import_module(".".join(part for part in path.with_suffix("").parts if part != "__init__"))
    Imports().visit(ast.parse(path.read_text(encoding="utf-8")))
"""
CALL = """
import importlib, json, sys
module = importlib.import_module(f"functions.{sys.argv[1]}.handler")
response = module.handler(json.load(sys.stdin), None)
print(json.dumps({"python": "python%d.%d" % sys.version_info[:2], "cached": module.__cached__, "response": response}))
"""


@cache
def python() -> str:
    """The runtime's Python; the test is skipped where there is none."""
    found = interpreter_of(RUNTIME.removeprefix("python"), os.environ)
    if found is None:
        pytest.skip(f"{RUNTIME}, the default of the template, is not at hand")
    return found


@pytest.fixture(scope="module")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    python()
    folder = tmp_path_factory.mktemp("artifact")
    command = [sys.executable, "tools/package.py", str(folder), "--architecture", ARCHITECTURE]
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - our own packaging
    return folder


def run(artifact: Path, script: str, *words: str, stdin: str = "") -> str:
    """What a script says in the runtime's Python, with the artifact and nothing else to import from."""
    variables = {
        name: value for each in FUNCTIONS for name, value in environment(f"{each.capitalize()}Function").items()
    }
    settings = {"PYTHONPATH": str(artifact), "AWS_DEFAULT_REGION": REGION, "PATH": os.environ["PATH"]}
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    done = subprocess.run(  # noqa: S603 - our own code
        [python(), "-S", "-B", "-c", script, *words],
        cwd=artifact,
        env=variables | settings | keys,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_says_what_it_is_and_what_it_was_built_for(artifact: Path) -> None:
    assert BuildRecord.read(artifact) == BuildRecord(version(), RUNTIME, ARCHITECTURE, compiled=True)


def test_it_holds_nothing_that_no_function_needs(artifact: Path) -> None:
    files = [path for path in artifact.rglob("*") if path.is_file()]
    names = {path.relative_to(artifact).as_posix() for path in files}

    assert sum(path.stat().st_size for path in files) < MOST_BYTES
    assert [name for name in names if "swagger" in name or "/tests/" in name or name.startswith("pydantic/v1/")] == []


def test_every_module_and_whatever_one_imports_is_there(artifact: Path) -> None:
    run(artifact, IMPORT_EVERYTHING)


@pytest.mark.parametrize(
    ("function", "event", "status"),
    [
        ("ingest", http_event("GET", "/v1/webhooks/nps"), 200),
        ("query", http_event("GET", "/v1/health"), 200),
        ("pages", http_event("GET", "/style.css"), 200),
        ("erase", {"Records": []}, None),
        ("score", {"Records": []}, None),
        ("notify", {"Records": []}, None),
    ],
)
def test_each_function_starts_and_responds_with_the_python_of_the_runtime(
    artifact: Path, function: str, event: object, status: int | None
) -> None:
    lines = run(artifact, CALL, function, stdin=json.dumps(event)).splitlines()
    said = json.loads(lines[-1])

    assert said["python"] == RUNTIME
    assert Path(said["cached"]).is_file()
    assert said["response"].get("statusCode") == status


def test_what_was_built_tells_its_version_and_logs_it(artifact: Path) -> None:
    *logged, said = run(artifact, CALL, "query", stdin=json.dumps(http_event("GET", "/v1/health"))).splitlines()

    assert json.loads(json.loads(said)["response"]["body"]) == {"status": "ok", "version": version()}
    assert [json.loads(line)["version"] for line in logged if "_aws" not in line] == [version()]

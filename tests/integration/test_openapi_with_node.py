"""What tools of others make of the description; they run on Node.js, and are left out where there is none."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from shared.api.description import DESCRIPTION_FILE
from tests.support.node import NotAtHandError, node_tools


@pytest.fixture(scope="module")
def tools() -> Path:
    try:
        return node_tools()
    except NotAtHandError as reason:
        pytest.skip(f"left out: {reason}")


def run(tools: Path, command: str, arguments: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "CI": "true"}
    return subprocess.run(  # noqa: S603 - arguments of our own
        [str(tools / command), *arguments],
        cwd=folder,
        env={**os.environ, **quiet},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_spectral_finds_nothing(tools: Path, tmp_path: Path) -> None:
    (tmp_path / "ruleset.yaml").write_text("extends: ['spectral:oas']\n", encoding="utf-8")
    arguments = ["lint", str(DESCRIPTION_FILE), "--ruleset", "ruleset.yaml", "--format", "json", "--fail-severity=hint"]
    linted = run(tools, "spectral", arguments, tmp_path)

    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_redocly_finds_nothing_but_that_there_is_no_licence_yet(tools: Path, tmp_path: Path) -> None:
    linted = run(tools, "redocly", ["lint", str(DESCRIPTION_FILE), "--format", "json"], tmp_path)

    assert linted.stdout, linted.stderr
    assert [problem["ruleId"] for problem in json.loads(linted.stdout)["problems"]] == ["info-license"]


def test_the_types_that_typescript_gets_compile_and_hold_the_calls_to_them(tools: Path, tmp_path: Path) -> None:
    made = run(tools, "openapi-typescript", [str(DESCRIPTION_FILE), "--output", "api.ts"], tmp_path)
    assert made.returncode == 0, made.stdout + made.stderr
    right = """
        import type { components, operations } from "./api";
        type Event = operations["postEvents"]["requestBody"]["content"]["application/json"];
        type Scorecard = operations["getScore"]["responses"]["200"]["content"]["application/json"];
        export const event: Event = {
            specversion: "1.0", type: "consultants.counted", source: "hr", id: "1", subject: "acme",
            time: "2026-11-02T06:00:00Z", data: { working: 8, happy: 6, as_of: "2026-11-01" },
        };
        export const batch: Event = [event as components["schemas"]["ConsultantsCountedEvent"]];
        export const points = (card: Scorecard): (number | null)[] => card.dimensions.map((asked) => asked.points);
    """
    (tmp_path / "right.ts").write_text(right, encoding="utf-8")
    (tmp_path / "wrong.ts").write_text(right.replace('"hr"', "7"), encoding="utf-8")
    options = ["--noEmit", "--strict", "--skipLibCheck", "--lib", "es2022"]

    compiled = run(tools, "tsc", [*options, "right.ts"], tmp_path)
    assert compiled.returncode == 0, compiled.stdout
    assert run(tools, "tsc", [*options, "wrong.ts"], tmp_path).returncode != 0

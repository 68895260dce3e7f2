"""What make passes on to the command, and what it refuses."""

import os
import shlex
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def printed(*words: str, **environment: str) -> tuple[str, str]:
    """What a target would run, and what make says is wrong."""
    inherited = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    done = subprocess.run(  # noqa: S603 - make, which runs nothing with -n
        ["/usr/bin/env", "make", "--just-print", "--assume-old=.venv/bin/installed", *words],
        cwd=ROOT,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout, done.stderr


def make(*words: str, **environment: str) -> tuple[list[str], str]:
    """The words of the command that a target would run, and what make says is wrong."""
    ran, said = printed(*words, **environment)
    return shlex.split(ran.partition("-m tools ")[2]), said


def test_a_variable_that_is_set_becomes_an_option_word_for_word() -> None:
    assert make("token", "SCOPE=events:write scores:read", "CLIENT=a'b $x") == (
        ["token", "--scope", "events:write scores:read", "--client", "a'b $x"],
        "",
    )


def test_a_variable_of_the_environment_counts_as_set_and_an_empty_one_is_passed_on_to_be_refused() -> None:
    assert make("link", STACK="agency", CLIENT="")[0] == ["link", "--client", "", "--stack", "agency"]


@pytest.mark.parametrize("name", ["ALL", "NAME", "ROLE"])
def test_what_the_environment_happens_to_hold_neither_widens_a_link_nor_names_anybody(name: str) -> None:
    assert make("link", "CLIENT=acme", **{name: "1"}) == (["link", "--client", "acme"], "")


def test_a_link_says_for_whom_and_how_far() -> None:
    assert make("link", "ALL=1", "NAME=Sam Example", "ROLE=editor", "DAYS=3")[0] == [
        *("link", "--all", "--name", "Sam Example", "--role", "editor", "--days", "3")
    ]
    assert "ALL takes 1" in make("link", "ALL=yes")[1]


def test_links_are_listed_and_withdrawn_by_their_ids() -> None:
    assert make("links", "STACK=agency")[0] == ["links", "--stack", "agency"]
    assert make("revoke", "ID=0123")[0] == ["revoke", "--id", "0123"]


def test_people_are_stored_from_a_file_and_a_demonstration_needs_no_word() -> None:
    assert make("people", "FILE=people.json", "STACK=agency")[0] == [
        *("people", "--file", "people.json", "--stack", "agency")
    ]
    assert make("demo-idp")[0] == ["demo-idp"]
    assert "does not take STACK" in make("demo-idp", "STACK=agency")[1]


@pytest.mark.parametrize(
    "words",
    [
        *(["token", "SCOPE=admin"], ["link", "ALL=1"], ["links"], ["revoke", "ID=x"], ["rotate-keys"], ["sources"]),
        *(["people"], ["import", "FILE=x"], ["export", "TO=x"], ["subjects", "RESPONDENT=x"], ["erase", "CLIENT=x"]),
    ],
)
def test_whatever_takes_a_stack_takes_where_it_stands(words: list[str]) -> None:
    ran, said = make(*words, "STACK=agency", "REGION=eu-west-1", "PROFILE=work")

    assert ({*ran} >= {"--stack", "agency", "--region", "eu-west-1", "--profile", "work"}, said) == (True, "")


def test_a_region_of_the_environment_is_that_of_something_else() -> None:
    assert make("links", REGION="eu-west-1", PROFILE="work") == (["links"], "")


def test_a_deployment_says_where_and_with_which_parameters() -> None:
    assert make("deploy", "STACK=agency", "REGION=eu-west-1", "PARAMS=TimeZone=UTC LogLevel=WARN", "CONFIRM=1")[0] == [
        *("deploy", "--stack", "agency", "--region", "eu-west-1", "--params", "TimeZone=UTC LogLevel=WARN", "--confirm")
    ]
    assert "UNCOMPILED takes 1" in make("deploy", "STACK=agency", "UNCOMPILED=yes")[1]


def test_what_is_not_set_is_no_option() -> None:
    assert make("link") == (["link"], "")


def test_a_token_is_not_passed_on_where_processes_are_listed() -> None:
    assert make("import", "FILE=x", "API=https://x", "TOKEN=hush")[0] == ["import", "--file", "x", "--api", "https://x"]


def test_a_dry_run_is_a_flag() -> None:
    assert make("import", "FILE=x", "DRY_RUN=1")[0] == ["import", "--file", "x", "--dry-run"]
    assert "DRY_RUN takes 1" in make("import", "FILE=x", "DRY_RUN=0")[1]


def test_an_export_is_replaced_by_a_flag_only() -> None:
    assert make("export", "TO=x", "FORCE=1")[0] == ["export", "--to", "x", "--force"]
    assert "FORCE takes 1" in make("export", "TO=x", "FORCE=yes")[1]


@pytest.mark.parametrize(
    ("words", "unknown"),
    [
        (["link", "client=acme"], "client"),
        (["link", "CLIENTS=acme"], "CLIENTS"),
        (["link", "SCOPE=x"], "SCOPE"),
        (["up", "CLIENT=acme"], "CLIENT"),
        (["FILE=x"], "FILE"),
    ],
)
def test_a_variable_that_a_target_does_not_take_is_refused(words: list[str], unknown: str) -> None:
    ran, said = make(*words)

    assert ran == []
    assert f"does not take {unknown}" in said


@pytest.mark.parametrize("name", ["CLIENT", "NAME", "ROLE", "ALL", "DAYS", "STACK", "PORT", "STATE_DIR"])
def test_an_empty_variable_is_refused(name: str) -> None:
    ran, said = make("link", f"{name}=")

    assert ran == []
    assert f"{name} is empty" in said


def test_a_restore_says_back_to_what_and_how_far() -> None:
    assert make("restore", "TIME=2026-11-25T10:00:00Z", "CLIENT=acme", "EXACT=1", "DRY_RUN=1", "STACK=agency")[0] == [
        *("restore", "--time", "2026-11-25T10:00:00Z", "--client", "acme", "--exact", "--dry-run", "--stack", "agency")
    ]
    assert make("restore", "FROM=backup", "DISCARD=1")[0] == ["restore", "--from", "backup", "--discard"]


@pytest.mark.parametrize("name", ["TIME", "FROM", "EXACT", "DISCARD"])
def test_what_the_environment_happens_to_hold_says_nothing_of_a_restore(name: str) -> None:
    assert make("restore", **{name: "1"}) == (["restore"], "")


def test_tests_run_under_the_python_of_the_functions_as_they_run_otherwise() -> None:
    usual = printed("test")[0].splitlines()
    under_it = printed("test-runtime")[0].splitlines()[-1]

    assert (
        under_it == ".local/runtime/bin/pytest --dist loadfile --no-loadscope-reorder -n 2 tests/integration tests/unit"
    )
    assert under_it.replace(".local/runtime", ".venv") in usual

"""What is held for every command of `python -m tools`."""

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tools.__main__ import app, main
from tools.target import ONLY_WITH_A_STACK

COMMANDS = [str(command.name or getattr(command.callback, "__name__", "")) for command in app.registered_commands]
NAMES = [name.replace("_", "-") for name in COMMANDS]

each_command = pytest.mark.parametrize("name", [[name] for name in NAMES] + [["model", "check"]], ids=" ".join)

OF_A_STACK = [
    *(
        ["token", "--scope", "admin"],
        ["link", "--all"],
        ["feed", "--all"],
        ["links"],
        ["revoke", "--id", "x"],
        ["rotate-keys"],
    ),
    *(
        ["sources"],
        ["alarms"],
        ["people"],
        ["prove"],
        ["export", "--to", "x"],
        ["subjects", "--respondent", "x"],
        ["erase", "--client", "x"],
        ["restore", "--time", "2026-01-01T00:00:00Z"],
    ),
]
"""A word for word call of each command that is for one stack; an import tells how else to say where it goes."""


def ran(*words: str) -> tuple[int, str]:
    ended = CliRunner().invoke(app, words)
    return ended.exit_code, ended.output


def test_every_command_is_known_by_its_name() -> None:
    assert set(NAMES) == {
        *("up", "down", "clean", "run", "logs", "demo"),
        *("token", "link", "feed", "links", "revoke", "rotate-keys", "sources", "alarms", "people", "demo-idp"),
        "destinations",
        *("import", "export", "restore", "erase", "subjects", "lock", "deploy", "prove", "rebuild", "verify"),
    }


@each_command
def test_every_command_tells_what_it_does(name: list[str]) -> None:
    status, text = ran(*name, "--help")

    assert status == 0
    assert text.startswith(f"Usage: root {' '.join(name)}")
    assert len(text.splitlines()[2]) > 20


@each_command
def test_no_command_takes_an_option_that_it_does_not_know(name: list[str]) -> None:
    status, text = ran(*name, "--unheard-of", "x")

    assert status == 2
    assert "No such option: --unheard-of" in text


@pytest.mark.parametrize("value", ["", " "])
@pytest.mark.parametrize(
    "words",
    [
        ["token", "--scope"],
        ["token", "--scope", "admin", "--client"],
        ["token", "--scope", "admin", "--source"],
        ["token", "--scope", "admin", "--subject"],
        ["token", "--scope", "admin", "--stack"],
        ["token", "--scope", "admin", "--days"],
        ["token", "--scope", "admin", "--name"],
        ["link", "--client"],
        ["link", "--all", "--name"],
        ["link", "--all", "--role"],
        ["feed", "--owner"],
        ["feed", "--all", "--format"],
        ["feed", "--all", "--language"],
        ["revoke", "--id"],
        ["links", "--stack"],
        ["link", "--stack"],
        ["rotate-keys", "--stack"],
        ["sources", "--file"],
        ["import", "--file"],
        ["import", "--file", "x", "--source"],
        ["import", "--file", "x", "--stack"],
        ["import", "--file", "x", "--api"],
        ["import", "--file", "x", "--zone"],
        ["import", "--file", "x", "--model"],
        ["export", "--to"],
        ["export", "--to", "x", "--client"],
        ["model", "check"],
    ],
    ids=" ".join,
)
def test_nothing_is_no_value(words: list[str], value: str) -> None:
    status, text = ran(*words, value)

    assert status == 2
    assert f"Invalid value for '{words[-1] if words[0] != 'model' else 'FILE|NAME'}'" in text


def test_names_of_which_there_are_none_are_no_value() -> None:
    assert ran("token", "--scope", "admin", "--client", ",")[0] == 2


@pytest.mark.parametrize("days", ["0", "-1", "401", "36500", "soon"])
@pytest.mark.parametrize("words", [["link", "--all"], ["token", "--scope", "admin"]], ids=" ".join)
def test_nothing_is_given_for_more_than_400_days(words: list[str], days: str) -> None:
    status, text = ran(*words, "--days", days)

    assert (status, "Invalid value for '--days'" in text) == (2, True)


@pytest.mark.parametrize("name", ["Sam\nExample", "\u202elpmaxE maS", "x" * 101])
def test_a_link_is_for_nobody_whose_name_cannot_be_shown(name: str) -> None:
    assert "Invalid value for '--name'" in ran("link", "--all", "--name", name)[1]


def test_a_role_that_there_is_not_is_refused() -> None:
    assert "there are client, viewer, editor, admin" in " ".join(ran("link", "--all", "--role", "boss")[1].split())


@pytest.mark.parametrize(
    ("words", "missing"), [(["import"], "--file"), (["export"], "--to"), (["token"], "--scope"), (["revoke"], "--id")]
)
def test_what_is_missing_is_named(words: list[str], missing: str) -> None:
    assert ran(*words)[1].endswith(f"Missing option '{missing}'.\n")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["import", "--file", "absent.csv", "--source", "nps"], "absent.csv does not exist."),
        (["sources", "--file", "absent.json"], "absent.json does not exist."),
        (["sources", "--yes"], "YES=1 goes with FILE=."),
        (["model", "check", "absent.json"], "absent.json does not exist."),
        (["link"], "A link is for one client or for all of them: CLIENT=acme or ALL=1."),
        (
            ["link", "--client", "a", "--all"],
            "A link is for one client or for all of them: CLIENT=acme or ALL=1, not both.",
        ),
        (
            ["link", "--all", "--role", "client"],
            "The role client is for the people of one client: say CLIENT=..., or another role.",
        ),
        (["link", "--all"], "The local stack is not up: make up. For a stack in your AWS account add STACK=name."),
        (["links"], "The local stack is not up: make up. For a stack in your AWS account add STACK=name."),
        (["logs"], "The local stack is not up: make up."),
        *(
            ([*words, *where], ONLY_WITH_A_STACK)
            for words in OF_A_STACK
            for where in (["--region", "eu-west-1"], ["--profile", "agency"])
        ),
    ],
)
def test_what_stands_in_the_way_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: list[str], sentence: str
) -> None:
    monkeypatch.setenv("STATE_DIR", str(tmp_path))
    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.setattr(sys, "argv", ["tools", *words])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == sentence

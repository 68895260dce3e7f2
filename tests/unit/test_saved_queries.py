"""Who follows the runbook finds the lines that it names by the saved queries that it names."""

import json
import logging
import re
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.logged import Line, logged_lines
from tests.support.template import document, holds, resolved
from tests.support.watch import RUNBOOK, of_type, pages

LINES = tuple(logged_lines())


@dataclass(frozen=True)
class Query:
    """A saved query of Logs Insights."""

    name: str
    groups: frozenset[str]
    text: str

    @property
    def fields(self) -> frozenset[str]:
        """What it shows of each line; empty when it counts lines."""
        [shown] = re.findall(r"^fields (.+)$", self.text, re.MULTILINE) or [""]
        return frozenset(filter(None, shown.split(", ")))

    def finds(self, line: dict[str, Any]) -> bool:
        """Whether its filter lets a line through, by message or level."""
        [condition] = re.findall(r"filter (.+?)(?=\n\||\Z)", self.text, re.DOTALL)
        lists = re.findall(r"(\w+) in (\[[^\]]+\])", condition)
        values = re.findall(r'([\w.]+) = "([^"]+)"', condition)
        likes = re.findall(r'(\w+) like "([^"]+)"', condition)
        return (
            any(line.get(name) in json.loads(members) for name, members in lists)
            or any(line.get(name) == value for name, value in values)
            or any(part in str(line.get(name)) for name, part in likes)
        )


QUERIES = {
    query["Name"].removeprefix("opmm/"): Query(
        query["Name"].removeprefix("opmm/"), frozenset(query["LogGroupNames"]), query["QueryString"]
    )
    for query in of_type("AWS::Logs::QueryDefinition").values()
}


def test_every_saved_query_is_explained_and_asks_logs_of_this_stack() -> None:
    table = re.findall(r"^\| `([\w-]+)` \|", RUNBOOK.read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(QUERIES) == sorted(table)
    assert {group for query in QUERIES.values() for group in query.groups} == set(of_type("AWS::Logs::LogGroup"))


def test_saved_queries_can_be_left_out_where_they_are_not_known() -> None:
    resources = document()["Resources"].values()
    queries = [resource for resource in resources if resource["Type"] == "AWS::Logs::QueryDefinition"]

    assert {query["Condition"] for query in queries} == {"QueriesSaved"}
    assert (holds("QueriesSaved"), holds("QueriesSaved", {"SavedQueries": "no"})) == (True, False)


def named() -> dict[tuple[str, str], list[Line]]:
    """By page of the runbook and message, the lines that it may mean: functions may log the same."""
    found: dict[tuple[str, str], list[Line]] = {}
    for page, text in pages().items():
        quoted = set(re.findall(r"`([^`\n]+)`", text))
        for line in LINES:
            if line.message in quoted:
                found.setdefault((page, line.message), []).append(line)
    return found


def logs_of(line: Line) -> str:
    """The log group of the function that logs it."""
    return f"{line.place.split('/')[1].capitalize()}Logs"


@pytest.mark.parametrize(("page", "message"), named())
def test_a_line_that_a_page_names_is_found_and_told_by_a_query_of_that_page(page: str, message: str) -> None:
    queries = [query for name, query in QUERIES.items() if f"`{name}`" in pages()[page]]

    assert any(
        logs_of(line) in query.groups
        and query.finds({"message": message, "level": line.level})
        and (line.words <= query.fields or not query.fields)
        for line in named()[page, message]
        for query in queries
    )


def test_pages_name_lines_that_are_logged() -> None:
    assert {message for _, message in named()} >= {
        *("records were given up", "refresh gave up", "score drifted", "run began", "run finished", "recompute failed"),
        *(
            "telling failed",
            "telling together failed",
            "set aside",
            "still not told",
            "told after all",
            "not delivered",
        ),
    }


RUNTIME = """
from awslambdaric import bootstrap
error = bootstrap.make_error("It quotes what was sent.", "UnknownJobError", [], "8f5e")
bootstrap.log_error(error, bootstrap.StandardLogSink())
"""


def test_an_invocation_that_failed_is_found_with_its_function_and_type() -> None:
    """Such a line is written by Lambda's runtime, in words of its own."""
    settings = resolved(document()["Globals"]["Function"]["LoggingConfig"])
    python = [sys.executable, "-c", RUNTIME]
    told = subprocess.run(  # noqa: S603 - our own few lines
        python, env={"AWS_LAMBDA_LOG_FORMAT": settings["LogFormat"].upper()}, capture_output=True, text=True, check=True
    )
    line = json.loads(told.stdout)
    errors, one_request = QUERIES["errors"], QUERIES["one-request"]

    assert line["errorType"] == "UnknownJobError"
    assert errors.finds(line)
    assert errors.fields >= {"@log", "errorType", "requestId"}
    # It may quote what is personal, and is seen by whoever opens the line alone.
    assert "errorMessage" not in errors.fields
    assert one_request.finds({"requestId": "put the request id here"})


def test_what_lambda_itself_tells_of_an_invocation_is_found() -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html#platform-runtimeDone"""
    text = QUERIES["errors"].text

    assert 'record.status in ["timeout", "error", "failure"]' in text
    assert QUERIES["errors"].fields >= {"record.status", "record.errorType", "record.requestId"}


def test_lists_are_shown_as_logs_insights_has_them() -> None:
    """It makes `clients.0` and so on of a list: what is shown of a line with one is the whole line."""
    lists = {"clients", "parts"}
    for query in QUERIES.values():
        assert not (query.fields & lists) or "@message" in query.fields, query.name


# What is logged is logged: not each word may stand in a line.


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.place)
def test_no_line_has_a_word_that_the_logger_refuses(line: Line) -> None:
    """`logging` raises KeyError for what would take the place of something of its own."""
    of_its_own = logging.LogRecord("", 0, "", 0, "", (), None).__dict__.keys() | {"message", "asctime"}

    assert not line.words & of_its_own

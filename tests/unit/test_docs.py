"""What the documents say is there, is there."""

import re
from pathlib import Path

import pytest

from functions.erase.work import MEMORY
from functions.notify.channels import calling
from functions.pages.feeds.coming_of_all import MOST_READ
from functions.score.jobs import REBUILD, REFRESH
from shared.api.operations import OPERATIONS
from shared.destinations.retries import WAITS
from shared.intake.events import event_types
from shared.opmm.model_document import published_model
from shared.storage import deliveries, digests, drafts, journal
from shared.storage.given_up import HEALED_KEPT
from shared.storage.issued import LAST_DAYS, LINK_DAYS, MOST_DAYS
from shared.texts.words import Words
from tests.support.readme import section_of
from tests.support.template import document as template
from tests.support.watch import OWN, of_type
from tools.deploy.kept import retained

ROOT = Path(__file__).parents[2]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
FOLDERS = ("docs", "events", "functions", "shared", "tests", "tools")

TO_BE_WRITTEN = {
    "events/webhooks/pollster.json",
    "shared/opmm/models/agency-1.json",
    "shared/webhooks/providers/pollster.py",
}
"""Files that a reader is told to write."""

TRIES = [wait if wait < 60 else wait // 60 if wait < 3600 else wait // 3600 for wait in WAITS]
"""Seconds, minutes and hours, as they are told."""

FOUR_DAYS = 345_600
"""What a queue keeps messages for unless it says otherwise."""

each_document = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda document: document.relative_to(ROOT).as_posix()
)
each_decision = pytest.mark.parametrize("decision", DECISIONS, ids=lambda decision: decision.stem)


def text_of(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def anchors(document: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", text_of(document), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(text: str) -> list[str]:
    """The links within the repository."""
    return re.findall(r"\]\((?!https?:)([^)\s]+)\)", text)


def paths(text: str) -> set[str]:
    """Files and folders that are named as code; a name with a gap in it stands for several."""
    named = set(re.findall(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]+)`", text))
    return {path for path in named if path not in TO_BE_WRITTEN}


@each_document
def test_every_link_leads_somewhere(document: Path) -> None:
    for link in links(text_of(document)):
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@each_document
def test_every_file_that_is_named_exists(document: Path) -> None:
    assert [path for path in sorted(paths(text_of(document))) if not (ROOT / path).exists()] == []


@each_document
def test_every_target_of_make_that_is_named_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z][a-z-]*)", text_of(document), re.MULTILINE))
    assert named <= targets


@each_decision
def test_a_decision_says_what_and_why_and_what_was_turned_down(decision: Path) -> None:
    sections = re.split(r"^## (.+)$", text_of(decision), flags=re.MULTILINE)
    assert sections[1::2] == ["What", "Why", "Turned down"]
    assert all(section.strip() for section in sections[2::2])


def test_the_index_of_decisions_has_each_page_under_its_title() -> None:
    listed = re.findall(r"^\| \d+ \| \[(.+)\]\((.+)\) \|$", text_of(ROOT / "docs/decisions/README.md"), re.MULTILINE)
    titles = [(text_of(decision).partition("\n")[0].removeprefix("# "), decision.name) for decision in DECISIONS]
    assert listed == titles


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("README.md", f"{MOST_DAYS} days are the most."),
        ("README.md", f"({MOST_DAYS} days are the most; the calendar says so in its last {LAST_DAYS})"),
        ("README.md", f"reads every client for {LINK_DAYS} days"),
        ("README.md", f"for {drafts.KEPT_FOR.days} days or until the talk is saved"),
        ("README.md", f"of more than {MOST_READ} clients"),
        ("README.md", f"comes {MEMORY.seconds} seconds after the first"),
        ("tools/erasures.py", f"looks once more after {MEMORY.seconds} seconds"),
        ("docs/crm/README.md", f"within the {journal.KEPT_FOR.days} days for which the journal is kept"),
        ("docs/notify.md", f"what was sent to it in {deliveries.KEPT_FOR.days} days"),
        ("docs/notify.md", f"waited for {calling.LONGEST:.0f} seconds"),
        (
            "docs/notify.md",
            "after {1} seconds, {2} and {3} minutes, {4}, {5}, {6}, {7}, {8} and {9} hours".format(*TRIES),
        ),
        ("docs/operate.md", f"`DraftsTable` | {drafts.KEPT_FOR.days} days after the last change"),
        (
            "docs/operate.md",
            f"in the order in which they were written | `NotificationsTable` | {journal.KEPT_FOR.days} days",
        ),
        ("docs/operate.md", f"never what it said | `NotificationsTable` | {deliveries.KEPT_FOR.days} days"),
        (
            "docs/operate.md",
            f"digests as they were told, without comments | `NotificationsTable` | {digests.KEPT_FOR.days} days",
        ),
        ("docs/operate.md", f"| {HEALED_KEPT.days} days after their scores were made anew"),
    ],
)
def test_what_is_said_of_numbers_is_what_they_are(document: str, said: str) -> None:
    assert said in " ".join(text_of(ROOT / document).split())


def test_it_is_said_for_how_long_each_queue_keeps_what_lies_in_it() -> None:
    rows = re.findall(r"\| (`\w+Queue`[^|]*) \| ([^|]+) \|$", text_of(ROOT / "docs/operate.md"), re.MULTILINE)
    said: dict[str, str] = {}
    for named, kept in rows:
        queues, days = re.findall(r"\w+Queue", named), re.findall(r"(\d+) days", kept)
        said |= dict(zip(queues, days * len(queues) if len(days) == 1 else days, strict=True))

    assert said == {
        name: str(queue.get("MessageRetentionPeriod", FOUR_DAYS) // 86400)
        for name, queue in of_type("AWS::SQS::Queue").items()
    }


def count_of(type_: str) -> int:
    return sum(each["Type"] == type_ for each in template()["Resources"].values())


def test_the_readme_says_how_many_functions_and_tables_there_are() -> None:
    functions, tables = (
        Words("en").number(count_of(type_)) for type_ in ("AWS::Serverless::Function", "AWS::DynamoDB::Table")
    )
    said = f"{functions.capitalize()} Lambda functions in Python, {tables} DynamoDB tables"
    assert said in text_of(ROOT / "README.md")
    assert f"the {functions} packages of a release" in text_of(ROOT / "docs/deploy.md")


def test_what_a_month_costs_is_told_alike_everywhere() -> None:
    operate = text_of(ROOT / "docs/operate.md")
    together = []
    for text in (operate, text_of(ROOT / "README.md")):
        table = text.partition("| 50 clients | 2,000 clients |")[2].partition("\n\n")[0].replace("**", "")
        *rows, last = re.findall(r"^\| [^|]+ \| ([\d.]+) \| ([\d.]+) \|", table, re.MULTILINE)
        assert [f"{sum(map(float, column)):.2f}" for column in zip(*rows, strict=True)] == [*last]
        together.append(last)
    assert together[0] == together[1]
    resources = template()["Resources"].values()
    alarms = sum(each["Type"] == "AWS::CloudWatch::Alarm" and each["Condition"] == "Watched" for each in resources)
    assert f"{alarms} alarms are ${alarms / 10:.2f} a month (one more with `Canary`)" in operate
    assert f"| {Words('en').number(count_of('AWS::SecretsManager::Secret'))} secrets |" in operate


def test_every_queue_that_a_command_of_the_runbook_names_is_there() -> None:
    named = set(re.findall(r"\$\((?:url|arn)_of (\w+)\)", text_of(ROOT / "docs/runbook.md")))
    assert named
    assert named <= {name for name, each in template()["Resources"].items() if each["Type"] == "AWS::SQS::Queue"}
    back = set(re.findall(r"--source-arn \"\$\(arn_of (\w+)\)", text_of(ROOT / "docs/runbook.md")))
    dead_letters = {
        queue["RedrivePolicy"]["deadLetterTargetArn"]
        for queue in of_type("AWS::SQS::Queue").values()
        if "RedrivePolicy" in queue
    }
    assert {name for name in back if not any(name in str(each) for each in dead_letters)} == set()


@pytest.mark.parametrize("name", retained())
def test_it_is_said_what_a_deleted_stack_keeps(name: str) -> None:
    declared = template()["Resources"][name]
    called = name if declared["Type"] == "AWS::DynamoDB::Table" else declared["Properties"]["Name"]["Fn::Sub"]
    told = text_of(ROOT / "docs/deploy.md").partition("## Deleting a stack")[2].partition("\n## ")[0]
    assert f"`{called.replace('${AWS::StackName}', '<stack>')}`" in told


def test_the_layout_names_every_package() -> None:
    packages = {
        path.parent.relative_to(ROOT).as_posix()
        for folder in ("functions", "shared")
        for path in (ROOT / folder).glob("*/__init__.py")
    }
    assert packages <= set(re.findall(r"^(\S+/\S+) ", section_of("Layout"), re.MULTILINE))


def test_the_readme_has_a_row_for_every_type_of_event() -> None:
    rows = re.findall(r"^\| `([a-z]+\.[a-z]+)` \|", section_of("Send an event"), re.MULTILINE)
    assert set(rows) == event_types(published_model()).keys()


def test_the_readme_shows_every_operation_of_the_api() -> None:
    readme = text_of(ROOT / "README.md")
    addresses = {operation.path for operation in OPERATIONS}
    assert [address for address in sorted(addresses) if not re.search(pattern(address), readme)] == []


def pattern(address: str) -> str:
    """An address with something in each of its braces."""
    return r"[^/\s]+".join(map(re.escape, re.split(r"{\w+}", address.lstrip("/")))) + r"(?![\w/])"


def test_every_parameter_of_the_template_is_explained() -> None:
    named = set(re.findall(r"`(\w+)`", text_of(ROOT / "docs/deploy.md")))
    assert template()["Parameters"].keys() <= named


@pytest.mark.parametrize("job", [REBUILD, REFRESH])
def test_it_is_said_how_each_job_is_started(job: str) -> None:
    assert f'`{{"job": "{job}"}}`' in text_of(ROOT / "docs/operate.md")


def test_every_metric_of_our_own_is_named() -> None:
    [dashboard] = of_type("AWS::CloudWatch::Dashboard").values()
    shown = set(re.findall(rf'"{OWN}", "(\w+)"', dashboard["DashboardBody"]))
    assert shown
    assert {name for name in shown if f"`{name}`" not in text_of(ROOT / "docs/operate.md")} == set()

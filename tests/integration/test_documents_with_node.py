"""What Slack and Teams publish of their documents takes ours; it runs on Node.js, and is left out where there is none.

Slack's types, compiled over what is sent; and the library of Adaptive Cards, which tells what it does not know or want.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

from functions.notify.channels import slack, teams
from shared.destinations.message import Message
from tests.support.messages import HOSTILE, message
from tests.support.node import NotAtHandError, node_tools

MESSAGES = {
    "usual": message(),
    "hostile": message(title=HOSTILE, text=HOSTILE),
    "long": message(lines=500),
    "bare": message(lines=0),
}
PARSING = """
const cards = require("adaptivecards/dist/adaptivecards.js");
const told = JSON.parse(require("fs").readFileSync(0, "utf8"));
const context = new cards.SerializationContext(cards.Versions.v1_4);
const card = new cards.AdaptiveCard();
card.parse(told, context);
const found = [];
for (let at = 0; at < context.eventCount; at += 1) found.push(context.getEventAt(at).message);
for (const event of card.validateProperties().validationEvents) found.push(event.message);
console.log(JSON.stringify({ found, elements: card.getItemCount(), actions: card.getActionCount() }));
"""


@pytest.fixture(scope="module")
def tools() -> Path:
    try:
        return node_tools()
    except NotAtHandError as reason:
        pytest.skip(f"left out: {reason}")


def run(tools: Path, *command: str, given: str = "", folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - arguments of our own
        command,
        cwd=folder,
        env={**os.environ, "NODE_PATH": str(tools.parent)},
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("told", MESSAGES.values(), ids=MESSAGES)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_library_of_adaptive_cards_finds_nothing(tools: Path, tmp_path: Path, told: Message, language: str) -> None:
    card = json.loads(teams.drawn(told, language))["attachments"][0]["content"]
    parsed = run(tools, "node", "-e", PARSING, given=json.dumps(card), folder=tmp_path)

    assert parsed.returncode == 0, parsed.stderr
    assert json.loads(parsed.stdout) == {"found": [], "elements": len(card["body"]), "actions": 1}


def test_the_library_of_adaptive_cards_would_find_something(tools: Path, tmp_path: Path) -> None:
    card = json.loads(teams.drawn(message(), "en"))["attachments"][0]["content"]
    card["body"].append({"type": "RichTxtBlock"})
    card["actions"] = [{"type": "Action.OpenUrl"}]
    found = json.loads(run(tools, "node", "-e", PARSING, given=json.dumps(card), folder=tmp_path).stdout)["found"]
    assert len(found) >= 2


def test_the_types_of_slack_take_every_document(tools: Path, tmp_path: Path) -> None:
    types = (tools.parent / "@slack" / "types" / "dist" / "index.d.ts").as_posix()
    head = f'import type {{ KnownBlock }} from "{types}";\ntype Sent = {{ text: string; blocks: KnownBlock[]; '
    head += "unfurl_links: boolean; unfurl_media: boolean };\n"
    documents = [slack.drawn(told, language).decode() for told in MESSAGES.values() for language in ("en", "nl")]
    right = head + "\n".join(f"export const sent{place}: Sent = {each};" for place, each in enumerate(documents))
    (tmp_path / "right.ts").write_text(right, encoding="utf-8")
    (tmp_path / "wrong.ts").write_text(right.replace('"bullet"', '"bullets"', 1), encoding="utf-8")
    options = ("--noEmit", "--strict", "--skipLibCheck", "--lib", "es2022")

    compiled = run(tools, str(tools / "tsc"), *options, "right.ts", folder=tmp_path)
    assert compiled.returncode == 0, compiled.stdout
    assert run(tools, str(tools / "tsc"), *options, "wrong.ts", folder=tmp_path).returncode != 0

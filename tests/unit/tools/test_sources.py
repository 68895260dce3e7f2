import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from shared.opmm.model_document import published_model
from shared.webhooks.sources import SourcesError
from tests.support.clients import secrets_client
from tools.errors import ToolError
from tools.json_files import hint
from tools.secret_documents import changes
from tools.sources import SOURCES, read_document
from tools.target import Target

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

MODEL = published_model()
NPS = {"provider": "delighted", "secrets": ["hush-hush-hush-hu"], "client": "event_data.client"}
HR = {"provider": "standard", "secrets": ["whsec_aHVzaC1odXNoLWh1c2gtaHU="]}


@pytest.fixture
def secrets() -> Iterator["SecretsManagerClient"]:
    with mock_aws():
        client = secrets_client()
        client.create_secret(Name="opmm/sources", SecretString="{}")
        yield client


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sources.json"


def unasked(removed: list[str]) -> bool:
    """Nothing is removed, so that nobody is asked."""
    raise AssertionError(removed)


def written(file: Path, document: Any) -> Path:
    file.write_text(document if isinstance(document, str) else json.dumps(document))
    return file


def test_a_good_document_is_stored_and_its_changes_are_told(secrets: "SecretsManagerClient", file: Path) -> None:
    assert SOURCES.store(secrets, "opmm", read_document(written(file, {"nps": NPS}), MODEL), unasked) == ["added: nps"]
    assert SOURCES.stored(secrets, "opmm") == {"nps": NPS}
    assert SOURCES.store(secrets, "opmm", read_document(file, MODEL), unasked) == []


@pytest.mark.parametrize("after", [{}, {"hr": HR}])
def test_sources_that_a_document_leaves_out_are_named_before_they_go(
    secrets: "SecretsManagerClient", file: Path, after: dict[str, Any]
) -> None:
    SOURCES.store(secrets, "opmm", read_document(written(file, {"pay": HR, "nps": NPS, "hr": HR}), MODEL), unasked)
    asked: list[list[str]] = []
    says = [False, True]

    def answered(removed: list[str]) -> bool:
        asked.append(removed)
        return says[len(asked) - 1]

    with pytest.raises(ToolError, match=r"Nothing was stored\."):
        SOURCES.store(secrets, "opmm", read_document(written(file, after), MODEL), answered)
    assert set(SOURCES.stored(secrets, "opmm")) == {"pay", "nps", "hr"}
    removed = sorted({"pay", "nps", "hr"} - after.keys())
    assert SOURCES.store(secrets, "opmm", read_document(file, MODEL), answered) == [f"removed: {', '.join(removed)}"]
    assert SOURCES.stored(secrets, "opmm") == after
    assert asked == [removed, removed]


def test_no_fault_of_a_document_hides_another(file: Path) -> None:
    document = {
        "one": {"provider": "unheard-of", "secrets": ["", "hush"], "client": "a[["},
        "two": NPS | {"secrets": ["hush", " "], "extra": 1, "silent_after_days": 0},
        "unknown": {"provider": "delighted", "secrets": ["hush"] * 3},
        "Four": {"provider": "custom", "secrets": ["hush"], "client": "c", "signature": {"algorithm": "md5"}},
    }
    with pytest.raises(SourcesError) as refused:
        read_document(written(file, document), MODEL)

    told = [fault.partition(": ")[0] for fault in refused.value.faults]
    assert sorted(told) == sorted(
        [
            *("one.provider", "one.secrets.0", "one.secrets.1", "one.client"),
            *("two.secrets.0", "two.secrets.1", "two.extra", "two.silent_after_days"),
            *("unknown", "unknown.client", "unknown.secrets", *(f"unknown.secrets.{place}" for place in range(3))),
            *("Four", "Four.secrets.0", "Four.signature.algorithm", "Four.signature.header", "Four.event"),
        ]
    )
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize(
    ("changes", "places"),
    [
        ({"answers": {"nps": {"question": ""}, "mood": {"question": "m"}}}, ["answers.mood", "answers.nps.question"]),
        (
            {"answers": {"nps": {"question": "q", "choices": {"a": [], "b": 11}}}},
            ["answers.nps.choices.a", "answers.nps.choices.b"],
        ),
        ({"answers": {"nps": {"question": "q", "choices": {"a": {"b": "c"}}}}}, ["answers.nps.choices.a"]),
        ({"answers": 5, "templates": "all"}, ["answers", "templates"]),
        ({"types": [1, "bogus"], "clients": ["Not A Slug"]}, ["clients.0", "types.0", "types.1"]),
    ],
)
def test_what_follows_from_a_fault_is_no_fault_of_its_own(
    file: Path, changes: dict[str, Any], places: list[str]
) -> None:
    source = {"provider": "formbricks", "secrets": ["whsec_aHVzaC1odXNoLWh1c2gtaHU="], "client": "c", "scale": "0-10"}
    answers = {"answers": {"nps": {"question": "q"}}}
    with pytest.raises(SourcesError) as refused:
        read_document(written(file, {"a": source | answers | changes}), MODEL)

    assert sorted(fault.partition(": ")[0].removeprefix("a.") for fault in refused.value.faults) == places


def test_a_document_is_taken_whole_and_a_bad_one_changes_nothing(
    secrets: "SecretsManagerClient", file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = Target("opmm", boto3.Session(region_name=secrets.meta.region_name))
    read = partial(read_document, model=MODEL)
    SOURCES.take(target, written(file, {"nps": NPS}), read, yes=False)
    assert capsys.readouterr().out.startswith("added: nps\nopmm holds these sources; ")

    with pytest.raises(ToolError, match=r"nps\.provider"):
        SOURCES.take(target, written(file, {"nps": NPS | {"provider": "unheard-of"}}), read, yes=True)
    assert SOURCES.stored(secrets, "opmm") == {"nps": NPS}

    SOURCES.take(target, written(file, {"hr": HR}), read, yes=True)
    assert SOURCES.stored(secrets, "opmm") == {"hr": HR}


def test_what_somebody_wrote_by_hand_is_told_of(secrets: "SecretsManagerClient") -> None:
    secrets.put_secret_value(SecretId="opmm/sources", SecretString="[]")

    with pytest.raises(ToolError, match="no tool may post"):
        SOURCES.stored(secrets, "opmm")


def test_changes_are_told_by_name() -> None:
    after = {"b": HR, "c": HR | {"secrets": ["other"]}, "d": HR, "e": HR}

    assert changes({"a": HR, "b": HR, "c": HR}, after) == ["added: d, e", "removed: a", "changed: c"]


@pytest.mark.parametrize("name", ["api", "unknown"])
def test_no_source_has_a_name_under_which_other_calls_are_counted(file: Path, name: str) -> None:
    with pytest.raises(SourcesError, match="calls of no source"):
        read_document(written(file, {name: NPS}), MODEL)


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"nps": {"provider": "delighted", "secrets": ["hush"]}}, "nps.client"),
        ({"nps": NPS | {"secrets": "hush"}}, "nps.secrets"),
        ({"nps": NPS | {"client": "a[["}}, "nps.client"),
        ({"nps": NPS | {"unknown": "hush"}}, "nps.unknown"),
        ({"N P S": NPS}, "N P S"),
        ([NPS], "the document"),
        ('{"nps": {"secrets": ["hush"]', "the document"),
        ('{"nps": {"provider": "hush"}, "nps": {}}', "nps"),
        ("\ud800hush", "the document"),
    ],
)
def test_a_fault_names_its_field_and_no_secret(file: Path, document: Any, field: str) -> None:
    text = document if isinstance(document, str) else json.dumps(document)
    file.write_bytes(text.encode(errors="surrogatepass"))

    with pytest.raises(SourcesError) as refused:
        read_document(file, MODEL)

    assert any(fault.startswith(field) for fault in refused.value.faults)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize(
    ("source", "taken"),
    [
        (NPS | {"secrets": ["hush-hush-hush-h"]}, True),
        (NPS | {"secrets": ["hush-hush-hush-"]}, False),
        (NPS | {"secrets": ["hush-hush-hush-h", "hush"]}, False),
        (NPS | {"secrets": ["h\u00fcsh-h\u00fcsh-h\u00fcsh"]}, True),
        (HR | {"secrets": ["whsec_aHVzaC1odXNoLWh1c2gtaA=="]}, True),
        (HR | {"secrets": ["whsec_aHVzaC1odXNoLWh1c2g="]}, False),
    ],
)
def test_a_secret_has_at_least_16_bytes_of_key(file: Path, source: Any, taken: bool) -> None:  # noqa: FBT001 - what is expected
    written(file, {"nps": source})
    if taken:
        assert read_document(file, MODEL) == {"nps": source}
        return
    with pytest.raises(SourcesError) as refused:
        read_document(file, MODEL)
    assert refused.value.faults == [f"nps.secrets.{len(source['secrets']) - 1}: must have at least 16 bytes"]


def test_a_document_that_no_secret_can_hold_is_refused(file: Path) -> None:
    many = {f"s-{number}": NPS | {"secrets": ["x" * 1000]} for number in range(66)}

    with pytest.raises(SourcesError, match="longer than"):
        read_document(written(file, many), MODEL)


def test_a_file_that_others_may_read_gets_a_hint(file: Path) -> None:
    written(file, {}).chmod(0o644)
    assert "chmod 600" in str(hint(file))

    file.chmod(0o600)
    assert hint(file) is None

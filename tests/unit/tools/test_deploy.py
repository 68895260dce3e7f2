"""What is checked before anything is built or deployed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from tools.deploy import sam
from tools.deploy.commands import deploy
from tools.deploy.concurrency import check_account, check_fit
from tools.deploy.kept import Kept
from tools.deploy.names import LONGEST_STACK_NAME, checked_stack_name
from tools.deploy.parameters import check_key, choose, declared, read, with_release
from tools.deploy.sam import Account
from tools.deploy.standing import Standing, deleted, standing
from tools.errors import ToolError
from tools.packaging.build_record import BuildRecord
from tools.target import Target

NOTHING_DONE = "Nothing was built or deployed."
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
VALUES = {"Runtime": "python3.13", "Architecture": "arm64", "Model": "opmm-1"}


def refused(given: str, standing: dict[str, str] | None = None) -> list[str]:
    """The faults of what was given."""
    with pytest.raises(ToolError) as fault:
        choose(declared(), read(given), standing or {})
    *faults, end = str(fault.value).splitlines()
    assert end == NOTHING_DONE
    return faults


def test_parameters_are_told_apart_as_a_shell_does() -> None:
    assert read("""TimeZone=Europe/London AgencyName="Acme & Sons" KmsKeyArn=""") == {
        "TimeZone": "Europe/London",
        "AgencyName": "Acme & Sons",
        "KmsKeyArn": "",
    }


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("TimeZone", "TimeZone: it has no value"),
        ("LogLevel=INFO LogLevel=WARN", "LogLevel: it is given twice."),
        ("AgencyName='Acme", "PARAMS cannot be read: No closing quotation"),
    ],
)
def test_what_is_no_list_of_parameters_is_refused(text: str, fault: str) -> None:
    with pytest.raises(ToolError, match=fault):
        read(text)


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ("LogLevel=LOUD", "LogLevel=LOUD: allowed are DEBUG, INFO, WARN, ERROR."),
        ("Runtime=python3.9", "Runtime=python3.9: allowed are python3.11, python3.12, python3.13, python3.14."),
        ("Architecture=arm", "Architecture=arm: allowed are arm64, x86_64."),
        ("ParkedDays=0", "ParkedDays=0: a whole number is allowed from 1 to 365."),
        ("ScoreConcurrency=-1", "ScoreConcurrency=-1: a whole number is allowed from 0 to 1000."),
        ("ParkedADay=-1", "ParkedADay=-1: a whole number is allowed from 0."),
        ("ParkedDays=soon", "ParkedDays=soon: a whole number is allowed from 1 to 365."),
        ("TimeZone=Europe/Londn", "TimeZone=Europe/Londn: there is no such time zone; one is Europe/Amsterdam."),
        ("TimeZone=../etc", "TimeZone=../etc: there is no such time zone; one is Europe/Amsterdam."),
        ("Model=absent", "Model=absent: it cannot be scored by: there is no model document absent.json"),
        ("KmsKeyArn=alias/mine", "KmsKeyArn=alias/mine: it must match ^(arn:aws"),
        (
            "CorsOrigins=https://a.example,b.example",
            "CorsOrigins=https://a.example,b.example: 'b.example' is no origin",
        ),
        ("TimeZone=posixrules", "TimeZone=posixrules: there is no such time zone; one is Europe/Amsterdam."),
        (
            "TimeZone=europe/amsterdam",
            "TimeZone=europe/amsterdam: there is no such time zone; one is Europe/Amsterdam.",
        ),
        (f"AgencyName={'a' * 121}", f"AgencyName={'a' * 121}: it has 121 characters, and at most 120 are allowed."),
        (
            f"CorsOrigins=https://{'a' * 5000}.example",
            f"CorsOrigins=https://{'a' * 192}...: it has 5016 characters, and at most 4096 are allowed.",
        ),
        ("Timezone=UTC", "Timezone: there is no such parameter. TimeZone is meant? There are Runtime,"),
    ],
)
def test_a_wrong_parameter_is_told_by_its_name_and_what_is_allowed(given: str, fault: str) -> None:
    [told] = refused(given)

    assert told.startswith(fault)


def test_all_faults_are_told_at_once() -> None:
    assert len(refused("LogLevel=LOUD TimeZone=Nowhere ParkedDays=1000")) == 3


@pytest.mark.parametrize(
    "given", [f"KmsKeyArn={KEY}", "CorsOrigins=https://a.example,http://localhost:3000", "LogLevel=WARN"]
)
def test_a_good_parameter_is_taken(given: str) -> None:
    name, _, value = given.partition("=")

    assert choose(declared(), read(given), {}).values[name] == value


def test_what_is_left_out_stays_as_the_stack_has_it_and_else_is_the_default() -> None:
    stands = {"TimeZone": "Europe/London", "LogLevel": "WARN", "NoLongerThere": "x"}

    chosen = choose(declared(), {"LogLevel": "ERROR"}, stands)

    assert (chosen.values["TimeZone"], chosen.values["LogLevel"], chosen.values["ParkedDays"]) == (
        "Europe/London",
        "ERROR",
        "30",
    )
    assert chosen.values.keys() == declared().keys()
    assert chosen.unusual == ("TimeZone=Europe/London  (as it stands)", "LogLevel=ERROR")


def test_a_key_of_another_region_is_refused() -> None:
    check_key({"KmsKeyArn": ""}, "us-east-1")
    check_key({"KmsKeyArn": KEY}, "eu-west-1")
    with pytest.raises(
        ToolError, match=f"^KmsKeyArn={KEY}: the stack is in us-east-1; a key of that region is allowed"
    ):
        check_key({"KmsKeyArn": KEY}, "us-east-1")


@pytest.mark.parametrize(
    ("values", "lower"),
    [
        ({"ScoreConcurrency": "20"}, "allowed are 0, 36 and more, or NightConcurrency=14 at most."),
        ({"ScoreConcurrency": "1"}, "allowed are 0, 36 and more."),
    ],
    ids=["some", "one"],
)
def test_what_scoring_takes_at_once_has_room_for_what_wakes_it(values: dict[str, str], lower: str) -> None:
    with pytest.raises(ToolError) as fault:
        check_fit(choose(declared(), values, {}).values)
    assert str(fault.value) == (
        f"ScoreConcurrency={values['ScoreConcurrency']}: the night takes 30 of it (NightConcurrency), what was given "
        f"up 2 and the stream 4 at least; {lower}\n{NOTHING_DONE}"
    )


def test_concurrency_that_fits_with_what_stands_is_taken() -> None:
    check_fit(choose(declared(), {}, {}).values)
    check_fit(choose(declared(), {"ScoreConcurrency": "20"}, {"NightConcurrency": "14"}).values)
    with pytest.raises(ToolError, match=r"^ScoreConcurrency=36: the night takes 31 of it"):
        check_fit(choose(declared(), {"NightConcurrency": "31"}, {"ScoreConcurrency": "36"}).values)


class Lambda:
    """An account that runs so many functions at once, of which so many are set aside."""

    def __init__(self, whole: int, reserved: int = 0) -> None:
        self.limit = {"ConcurrentExecutions": whole, "UnreservedConcurrentExecutions": whole - reserved}

    def get_account_settings(self) -> dict[str, Any]:
        return {"AccountLimit": self.limit}


def room(account: Lambda, values: dict[str, str], standing: dict[str, str] | None = None) -> str | None:
    chosen = choose(declared(), values, {}).values
    return check_account(account, chosen, standing or {})


def test_what_an_account_cannot_set_aside_is_refused_before_anything_is_built() -> None:
    both = {"ScoreConcurrency": "36", "IngestConcurrency": "40"}
    assert room(Lambda(1000), both) is None
    assert room(Lambda(1000, reserved=76), both, both) is None
    assert room(Lambda(176, reserved=76), both, both) is None
    with pytest.raises(ToolError, match=r"set 76 aside: this account runs 10 at once, of which 0 can be"):
        room(Lambda(10), both)
    with pytest.raises(ToolError, match=r"set 76 aside: this account runs 175 at once, of which 75 can be"):
        room(Lambda(175), both)


def test_an_account_in_which_callers_could_be_kept_out_is_told_of() -> None:
    assert (room(Lambda(10), {}) or "").startswith(
        "This account runs 10 functions at once. The night and deliveries may take 40"
    )
    assert room(Lambda(10), {"NightConcurrency": "2", "DeliveryConcurrency": "2"}) is None


def test_who_may_not_look_at_an_account_deploys_all_the_same() -> None:
    class Denied(Lambda):
        def get_account_settings(self) -> dict[str, Any]:
            raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "GetAccountSettings")

    assert room(Denied(10), {"IngestConcurrency": "40"}) is None


def test_a_deployment_without_a_region_asks_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    with pytest.raises(ToolError, match=r"^Which region\? Say REGION=eu-west-1"):
        deploy(stack="agency")


def test_the_region_of_the_shell_counts_as_it_does_for_the_aws_cli(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")

    assert Target.of("agency").session.region_name == "eu-west-1"
    assert Target.of("agency", "eu-central-1").session.region_name == "eu-central-1"

    monkeypatch.setenv("AWS_REGION", "")
    assert Target.of("agency").session.region_name == "us-east-1"


def test_another_release_or_another_value_is_told_apart_in_versions() -> None:
    releases = {
        with_release(values, version)["Release"]
        for version in ("1.0.0", "1.0.1")
        for values in ({"LogLevel": "INFO"}, {"LogLevel": "WARN"})
    }

    assert len(releases) == 4
    assert with_release({"LogLevel": "INFO"}, "1.0.0")["Release"].startswith("1.0.0 ")


def test_what_the_stack_has_and_is_allowed_no_more_is_told() -> None:
    assert refused("", {"Runtime": "python3.8"}) == [
        "Runtime=python3.8, as the stack has it: allowed are python3.11, python3.12, python3.13, python3.14."
    ]


@pytest.mark.parametrize("name", ["", "1st", "my_stack", "opmm/staging", "s" * (LONGEST_STACK_NAME + 1)])
def test_a_name_that_no_stack_can_have_is_refused(name: str) -> None:
    with pytest.raises(ToolError, match=f"{LONGEST_STACK_NAME} characters at most"):
        checked_stack_name(name)


@pytest.mark.parametrize("text", ["--region eu-west-1", "--parameter-overrides=TimeZone=UTC", "--stack-name x"])
def test_what_is_said_in_another_way_is_no_further_option(text: str) -> None:
    with pytest.raises(ToolError, match="ARGS takes no --"):
        sam.more(text)
    assert sam.more("--role-arn arn:aws:iam::1:role/x --no-rollback")[-1] == "--no-rollback"


def built(folder: Path, **other: Any) -> Path:
    artifact = folder / "IngestFunction"
    artifact.mkdir()
    replace(BuildRecord("1.0.0", "python3.13", "arm64", compiled=True), **other).write(artifact)
    return folder


def test_what_was_built_for_what_it_will_run_on_is_deployed(tmp_path: Path) -> None:
    sam.check_artifacts(VALUES, built(tmp_path), "1.0.0")


@pytest.mark.parametrize(
    "other",
    [{"runtime": "python3.14"}, {"architecture": "x86_64"}, {"version": "0.9.0"}],
    ids=lambda other: next(iter(other)),
)
def test_what_was_built_for_something_else_is_refused(tmp_path: Path, other: dict[str, str]) -> None:
    with pytest.raises(ToolError, match=r"IngestFunction was built for .* and would run on .* Nothing was deployed"):
        sam.check_artifacts(VALUES, built(tmp_path, **other), "1.0.0")


def test_what_does_not_say_what_it_was_built_for_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ScoreFunction").mkdir()
    with pytest.raises(ToolError, match="does not say what it was built for"):
        sam.check_artifacts(VALUES, tmp_path, "1.0.0")
    (tmp_path / "ScoreFunction").rmdir()
    with pytest.raises(ToolError, match="Nothing was built"):
        sam.check_artifacts(VALUES, tmp_path, "1.0.0")


class _Stacks:
    """An account in which every stack has this status."""

    def __init__(self, status: str, *outputs: str) -> None:
        self._status = status
        self._outputs = [{"OutputKey": name, "OutputValue": name} for name in outputs]

    def describe_stacks(self, **_options: Any) -> Any:
        given = [{"ParameterKey": "LogLevel", "ParameterValue": "WARN"}]
        return {"Stacks": [{"StackStatus": self._status, "Parameters": given, "Outputs": self._outputs}]}


class _Refusing:
    """An account that refuses to tell."""

    def __init__(self, code: str, message: str) -> None:
        self._error = ClientError({"Error": {"Code": code, "Message": message}}, "DescribeStacks")

    def describe_stacks(self, **_options: Any) -> Any:
        raise self._error


def test_a_stack_that_is_whole_tells_its_parameters() -> None:
    found = standing(cast("Any", _Stacks("UPDATE_ROLLBACK_COMPLETE", "ApiUrl", "ScoreFunctionName")), "agency")

    assert found == Standing({"LogLevel": "WARN"}, is_whole=True)


@pytest.mark.parametrize("status", ["IMPORT_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"])
def test_a_stack_that_only_took_over_what_was_kept_is_not_whole(status: str) -> None:
    assert standing(cast("Any", _Stacks(status)), "agency") == Standing({"LogLevel": "WARN"}, is_whole=False)


def test_a_stack_whose_owner_failed_to_import_something_else_is_whole_all_the_same() -> None:
    found = standing(cast("Any", _Stacks("IMPORT_ROLLBACK_COMPLETE", "ScoreFunctionName")), "agency")

    assert found == Standing({"LogLevel": "WARN"}, is_whole=True)


class _Deleted:
    """An account in which these stacks were deleted, by their ids, on these days."""

    def __init__(self, days: dict[str, int]) -> None:
        self._days = days

    def get_paginator(self, _operation: str) -> "_Deleted":
        return self

    def paginate(self, **asked: Any) -> Iterator[Any]:
        assert asked == {"StackStatusFilter": ["DELETE_COMPLETE"]}
        for stack_id, day in self._days.items():
            deleted_at = datetime(2026, 11, day, tzinfo=UTC)
            summary = {"StackId": stack_id, "StackName": stack_id.partition("/")[0], "DeletionTime": deleted_at}
            yield {"StackSummaries": [summary]}

    def describe_stacks(self, *, StackName: str) -> Any:  # noqa: N803 - the SDK's
        return {"Stacks": [{"Parameters": [{"ParameterKey": "AgencyName", "ParameterValue": StackName}]}]}


def test_of_the_stack_that_was_deleted_last_the_parameters_are_known() -> None:
    account = cast("Any", _Deleted({"agency/1": 3, "agency/2": 9, "agency/3": 5, "agency-two/4": 20}))

    assert deleted(account, "agency") == {"AgencyName": "agency/2"}
    assert deleted(account, "opmm") is None


@pytest.mark.parametrize(
    ("status", "way"),
    [
        ("ROLLBACK_COMPLETE", "aws cloudformation delete-stack --stack-name agency"),
        ("DELETE_FAILED", "aws cloudformation delete-stack --stack-name agency"),
        ("UPDATE_ROLLBACK_FAILED", "aws cloudformation continue-update-rollback --stack-name agency"),
        ("IMPORT_ROLLBACK_COMPLETE", "the stack holds nothing.* aws cloudformation delete-stack --stack-name agency"),
        ("IMPORT_ROLLBACK_FAILED", "the stack holds nothing.* aws cloudformation delete-stack --stack-name agency"),
        ("UPDATE_IN_PROGRESS", "Wait until that has ended"),
    ],
)
def test_a_stack_that_cannot_be_deployed_as_it_is_says_what_to_do(status: str, way: str) -> None:
    with pytest.raises(ToolError, match=way):
        standing(cast("Any", _Stacks(status)), "agency")


def test_a_stack_that_is_not_there_is_none() -> None:
    message = "Stack with id agency does not exist"
    assert standing(cast("Any", _Refusing("ValidationError", message)), "agency") is None
    with pytest.raises(ClientError, match="AccessDenied"):
        standing(cast("Any", _Refusing("AccessDenied", "not for you")), "agency")


class _Deploying:
    """What a deployment does of its own, written down instead of done."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, stands: Standing | None, left: list[Kept]) -> None:
        self.done: list[str] = []
        self.values: dict[str, str] = {}
        self.looked_through = False
        self.refused: str | None = None
        had = {"TimeZone": "Europe/London", "LogLevel": "ERROR"}
        place = "tools.deploy.commands"
        target = SimpleNamespace(
            session=SimpleNamespace(client=lambda _: Lambda(1000), region_name="eu-west-1"), name="agency", local=None
        )
        for name, value in {
            "Target.of": lambda *_: target,
            "standing": lambda *_: stands,
            "deleted": lambda *_: had,
            "kept.find": lambda *_: left,
            "kept.take_over": lambda *_: self.done.append("take over"),
            "sam.check_python": lambda *_: None,
            "sam.build": lambda *_, **__: self.done.append("build"),
            "sam.check_artifacts": lambda *_: None,
            "sam.deploy": self._deploy,
            "was_looked_through": lambda _: self.looked_through,
            "begin_rebuild": lambda _: self.done.append("rebuild"),
            "proven": lambda *_: ["proven"],
        }.items():
            monkeypatch.setattr(f"{place}.{name}", value)

    def _deploy(self, _stack: str, values: dict[str, str], account: Account, *_: Any, **__: Any) -> None:
        assert account.options == ["--region", "eu-west-1"]  # which nobody said, but where all else is looked up
        if self.refused:
            raise ToolError(self.refused)
        self.done.append("deploy")
        self.values = values


FACTS = Kept("FactsTable", "AWS::DynamoDB::Table", "agency-FactsTable-1AB2", {"TableName": "agency-FactsTable-1AB2"})


def test_what_was_kept_is_taken_over_with_the_parameters_it_had_and_scored_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deploying = _Deploying(monkeypatch, None, [FACTS])

    deploy(stack="agency", adopt=True, params="LogLevel=WARN")

    assert deploying.done == ["build", "take over", "deploy", "rebuild"]
    assert (deploying.values["TimeZone"], deploying.values["LogLevel"]) == ("Europe/London", "WARN")


def test_a_deployment_that_failed_behind_the_taking_over_is_made_up_for_by_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = _Deploying(monkeypatch, None, [FACTS])
    first.refused = "sam deploy failed"
    with pytest.raises(ToolError, match="sam deploy failed"):
        deploy(stack="agency", adopt=True)
    assert first.done == ["build", "take over"]

    again = _Deploying(monkeypatch, Standing({"KmsKeyArn": ""}, is_whole=False), [])
    deploy(stack="agency")

    assert again.done == ["build", "deploy", "rebuild"]
    assert (again.values["TimeZone"], again.values["LogLevel"]) == ("Europe/London", "ERROR")


def test_one_that_ended_before_it_began_the_rebuild_is_made_up_for_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    deploying = _Deploying(monkeypatch, Standing({"LogLevel": "WARN"}, is_whole=True), [])

    deploy(stack="agency")
    deploying.looked_through = True
    deploy(stack="agency")

    assert deploying.done == ["build", "deploy", "rebuild", "build", "deploy"]
    assert (deploying.values["TimeZone"], deploying.values["LogLevel"]) == ("Europe/Amsterdam", "WARN")


def test_a_new_stack_has_nothing_to_be_scored_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    deploying = _Deploying(monkeypatch, None, [])

    deploy(stack="agency")

    assert deploying.done == ["build", "deploy"]
    assert deploying.values["TimeZone"] == "Europe/Amsterdam"

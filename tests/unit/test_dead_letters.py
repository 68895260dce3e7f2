"""Whatever is handed on without anybody waiting for it has a queue where it ends when it fails for good."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.support.template import document, own_policies, properties, resolved
from tests.support.transform import transformed

FOURTEEN_DAYS = 1_209_600
"""The longest that a queue keeps anything."""

HANDS_ON = {
    "AWS::Lambda::EventSourceMapping",
    "AWS::Scheduler::Schedule",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::SQS::Queue",
}
"""What is looked at below. Another way to wake a function has to be added here."""

OTHER_WAYS = {"AWS::Events::Rule", "AWS::Pipes::Pipe", "AWS::S3::Bucket", "AWS::IoT::TopicRule"}


def resources(type_: str) -> Iterator[tuple[str, Any]]:
    for name, resource in transformed()["Resources"].items():
        if resource["Type"] == type_:
            yield name, resource["Properties"]


def mentioned(value: Any) -> set[str]:
    """The resources that a value names; an alias stands for its function."""
    known = set(transformed()["Resources"])
    found: set[str]
    match value:
        case {"Ref": str(name)}:
            found = {name}
        case {"Fn::GetAtt": [str(name), *_]}:
            found = {name}
        case {"Fn::GetAtt": str(text)} | {"Fn::Sub": str(text)}:
            found = {name.partition(".")[0] for name in re.findall(r"[\w.:]+", text)}
        case dict():
            found = set().union(*map(mentioned, value.values())) if value else set()
        case list():
            found = set().union(*map(mentioned, value)) if value else set()
        case _:
            found = set()
    aliases = {name for name in found & known if transformed()["Resources"][name]["Type"] == "AWS::Lambda::Alias"}
    return (
        (found & known)
        .difference(aliases)
        .union(*(mentioned(transformed()["Resources"][alias]["Properties"]["FunctionName"]) for alias in aliases))
    )


def one_of_type(type_: str, value: Any) -> str:
    [name] = [name for name in mentioned(value) if transformed()["Resources"][name]["Type"] == type_]
    return name


def queue(value: Any) -> str:
    return one_of_type("AWS::SQS::Queue", value)


def may_send(role: Any, queue_name: str) -> bool:
    policies = own_policies(one_of_type("AWS::IAM::Role", role))
    statements = [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]
    return any(
        "sqs:SendMessage" in statement["Action"] and queue_name in mentioned(statement["Resource"])
        for statement in statements
    )


def ends() -> dict[str, str]:
    """By what is handed on, the queue in which it ends."""
    found = {}
    for name, mapping in resources("AWS::Lambda::EventSourceMapping"):
        source = transformed()["Resources"][next(iter(mentioned(mapping["EventSourceArn"])))]
        if source["Type"] == "AWS::SQS::Queue":
            found[name] = queue(source["Properties"]["RedrivePolicy"]["deadLetterTargetArn"])
        else:
            found[name] = queue(mapping["DestinationConfig"]["OnFailure"]["Destination"])
    for name, schedule in resources("AWS::Scheduler::Schedule"):
        found[name] = queue(schedule["Target"]["DeadLetterConfig"]["Arn"])
    for name, config in resources("AWS::Lambda::EventInvokeConfig"):
        found[name] = queue(config["DestinationConfig"]["OnFailure"]["Destination"])
    return found


def functions_invoked_by_schedules() -> Iterator[str]:
    for _, schedule in resources("AWS::Scheduler::Schedule"):
        target = mentioned(schedule["Target"]["Arn"])
        yield from target & {name for name, _ in resources("AWS::Lambda::Function")} or target


def test_every_stream_queue_schedule_and_invocation_ends_in_a_queue_that_keeps_it_for_fourteen_days() -> None:
    kept = {name: properties(name).get("MessageRetentionPeriod") for name in ends().values()}

    assert set(ends().values()) >= {
        "UnscoredQueue",
        "UntoldQueue",
        "UnfinishedErasuresQueue",
        "UnfinishedJobsQueue",
    }
    assert kept == dict.fromkeys(kept, FOURTEEN_DAYS)


def test_nothing_wakes_a_function_in_another_way() -> None:
    types = {resource["Type"] for resource in transformed()["Resources"].values()}
    permitted = {permission["Principal"] for _, permission in resources("AWS::Lambda::Permission")}

    assert types & HANDS_ON == HANDS_ON
    assert types & OTHER_WAYS == set()
    assert permitted == {"apigateway.amazonaws.com"}


def test_a_function_that_a_schedule_invokes_has_an_end_for_what_it_fails() -> None:
    configured: set[str] = set()
    for _, config in resources("AWS::Lambda::EventInvokeConfig"):
        configured |= mentioned(config["FunctionName"])

    assert set(functions_invoked_by_schedules()) <= configured


def test_whoever_hands_on_may_send_to_where_it_ends() -> None:
    for name, schedule in resources("AWS::Scheduler::Schedule"):
        assert may_send(schedule["Target"]["RoleArn"], ends()[name]), name
    for name, config in [*resources("AWS::Lambda::EventInvokeConfig"), *_streams()]:
        function = one_of_type("AWS::Lambda::Function", config["FunctionName"])
        assert may_send(transformed()["Resources"][function]["Properties"]["Role"], ends()[name]), name


def test_a_function_that_hands_on_to_itself_is_not_taken_for_a_loop() -> None:
    """Lambda stops a function that a queue wakes for the 16th time in a row by a message that it has sent itself."""
    own = {
        one_of_type("AWS::Lambda::Function", mapping["FunctionName"])
        for _, mapping in resources("AWS::Lambda::EventSourceMapping")
        for source in mentioned(mapping["EventSourceArn"])
        if transformed()["Resources"][source]["Type"] == "AWS::SQS::Queue"
        and may_send(_of_function(one_of_type("AWS::Lambda::Function", mapping["FunctionName"]))["Role"], source)
    }

    assert own == {"ScoreFunction", "EraseFunction", "NotifyFunction"}
    assert {_of_function(name).get("RecursiveLoop") for name in own} == {"Allow"}


def _of_function(name: str) -> Any:
    return transformed()["Resources"][name]["Properties"]


def _streams() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, mapping in resources("AWS::Lambda::EventSourceMapping"):
        if "DestinationConfig" in mapping:
            yield name, mapping


def test_no_concurrency_is_set_aside_unless_it_is_asked_for() -> None:
    for function, parameter in (("ScoreFunction", "ScoreConcurrency"), ("IngestFunction", "IngestConcurrency")):
        declared = properties(function)["ReservedConcurrentExecutions"]
        assert (resolved(declared), resolved(declared, {parameter: "20"})) == (None, "20")


def test_what_cannot_be_made_again_is_kept_protected_and_can_be_restored() -> None:
    tables = {name: it for name, it in document()["Resources"].items() if it["Type"] == "AWS::DynamoDB::Table"}
    kept = {name for name, it in tables.items() if it["DeletionPolicy"] == "Retain"}
    protected = {name for name, it in tables.items() if it["Properties"].get("DeletionProtectionEnabled")}
    restored = {name for name, it in tables.items() if "PointInTimeRecoverySpecification" in it["Properties"]}

    assert protected == {"FactsTable", "ErasuresTable"}
    assert kept == protected | {"ParkedTable", "NotificationsTable"}
    assert restored == kept | {"ScoresTable"}

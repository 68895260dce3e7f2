"""Two stacks live in one account and region: what CloudFormation makes of the template collides nowhere."""

import pytest

from tests.support.transform import Identity, identities, longest
from tools.deploy.names import LONGEST_STACK_NAME

# A policy is known within its roles, an alias within its function, and those are the stack's.
WITHIN_OTHERS = {"AWS::IAM::Policy", "AWS::Lambda::Alias"}


def named(stack: str) -> set[Identity]:
    """What identifies anything in a stack, where the template says so."""
    return {each for each in identities(stack).values() if each.names and each.type not in WITHIN_OTHERS}


def test_no_name_of_one_stack_is_a_name_of_another() -> None:
    one, other = named("opmm"), named("opmm-staging")

    assert one & other == set()
    assert Identity("AWS::Scheduler::Schedule", (("Name", "opmm-nightly-refresh"),)) in one
    assert Identity("AWS::Lambda::Function", (("FunctionName", "opmm-staging-score"),)) in other


@pytest.mark.parametrize("type_", ["AWS::Lambda::Function", "AWS::Scheduler::Schedule", "AWS::SecretsManager::Secret"])
def test_names_are_found_where_the_template_gives_them(type_: str) -> None:
    assert [each for each in named("opmm") if each.type == type_] != []


def test_every_name_is_short_enough_for_the_longest_name_of_a_stack() -> None:
    stack = "s" * LONGEST_STACK_NAME
    lengths = [(name, value, longest(each.type, name)) for each in named(stack) for name, value in each.names]

    assert [(name, value) for name, value, most in lengths if most is not None and len(value) > most] == []

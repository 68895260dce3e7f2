"""The commands that deploy to an account, and prove that what stands works."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import typer

from tools.deploy import kept, sam
from tools.deploy.concurrency import check_account, check_fit
from tools.deploy.kept import Kept
from tools.deploy.names import checked_stack_name
from tools.deploy.parameters import Chosen, check_key, choose, declared, read, with_release
from tools.deploy.proof import now
from tools.deploy.proof import prove as proven
from tools.deploy.sam import Account
from tools.deploy.standing import Standing, deleted, standing
from tools.errors import ToolError
from tools.healing import begin_rebuild, was_looked_through
from tools.options import Profile, Region, StackName, filled
from tools.packaging.build_record import version
from tools.target import Target


@dataclass(frozen=True, slots=True)
class Intended:
    """What a deployment goes with."""

    stands: Standing | None
    """The stack as it is; None where there is none."""
    left: list[Kept]
    """What a deleted stack of this name has kept, and is taken over."""
    chosen: Chosen
    tight: str | None
    """What to know of the account's concurrency."""

    def told(self, stack: str, built: str) -> str:
        """Says what is deployed, before it is built."""
        first = ", for the first time" if self.stands is None else ""
        return "\n".join([f"{stack}, version {built}{first}", *self.chosen.unusual, *filter(None, [self.tight])])


def intended(target: Target, stack: str, given: Mapping[str, str], *, adopt: bool) -> Intended:
    """What goes into the account of this target, with what stands there. Raises ToolError where that cannot go well."""
    cloudformation = target.session.client("cloudformation")
    stands = standing(cloudformation, stack)
    left = [] if stands else kept.find(target.session, stack)
    if left and not adopt:
        raise ToolError(kept.refusal(stack, left))
    stood = dict(stands.parameters) if stands else {}
    held = stood
    if left or (stands and not stands.is_whole):
        held = {**kept.parameters(deleted(cloudformation, stack), given), **stood}
    chosen = choose(declared(), given, held)
    check_key(chosen.values, target.session.region_name)
    check_fit(chosen.values)
    kept.check_keys(left, chosen.values["KmsKeyArn"])
    return Intended(stands, left, chosen, check_account(target.session.client("lambda"), chosen.values, stood))


def deploy(
    *,
    stack: Annotated[str, typer.Option("--stack", parser=filled, metavar="NAME", help="The stack in your account.")],
    region: Region = None,
    profile: Profile = None,
    params: Annotated[
        str | None,
        typer.Option(
            "--params",
            parser=filled,
            metavar="NAME=VALUE...",
            help="Parameters of the template; those left out stay as the stack has them, else they are its defaults.",
        ),
    ] = None,
    uncompiled: Annotated[
        bool, typer.Option("--uncompiled", help="Ship without compiled modules: cold starts take 2.5 times as long.")
    ] = False,
    adopt: Annotated[
        bool, typer.Option("--adopt", help="Take over what a deleted stack of this name has kept.")
    ] = False,
    confirm: Annotated[bool, typer.Option("--confirm", help="Show what would change, and ask.")] = False,
    args: Annotated[
        str | None, typer.Option("--args", parser=filled, metavar="OPTIONS", help="Further options of sam deploy.")
    ] = None,
) -> None:
    """Build for what it will run on, deploy to your AWS account, and prove that it works."""
    checked_stack_name(stack)
    options, given = sam.more(args), read(params)
    # What is wrong with what was said is told before an account is asked anything.
    choose(declared(), given, {})
    target = Target.of(stack, region, profile)
    account = Account(target.session.region_name, profile)
    goes = intended(target, stack, given, adopt=adopt)
    if not uncompiled:
        sam.check_python(goes.chosen.values["Runtime"], os.environ)
    built = version()
    print(goes.told(stack, built))
    values = with_release(goes.chosen.values, built)
    sam.build(values, account, uncompiled=uncompiled)
    sam.check_artifacts(values, sam.BUILD, built)
    if goes.left:
        kept.take_over(target.session.client("cloudformation"), stack, goes.left, values)
        print("\n".join(["Taken over:", *(f"  {each.logical_id}: {each.name}" for each in goes.left)]))
    sam.deploy(stack, values, account, built, confirm=confirm, options=options)
    if (goes.left or goes.stands) and not was_looked_through(target):
        # The stream tells of the last day only. Asked of every stack: the deployment that took it over may have failed.
        begin_rebuild(target)
        print("Scores are made anew from the facts: no night has looked at them all yet.")
    print("\n".join(proven(target, built, now)))


def prove(*, stack: StackName = None, region: Region = None, profile: Profile = None) -> None:
    """Prove that a stack works: an event is stored and scored, and nothing is left of it."""
    print("\n".join(proven(Target.of(stack, region, profile), None, now)))

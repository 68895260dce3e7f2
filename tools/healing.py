"""Whether the scores of a stack say what its facts give, and making them anew: `verify` and `rebuild`."""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from botocore.config import Config
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from shared.opmm.slugs import is_slug
from shared.reading.verification import Verification, Verifying
from shared.storage.dynamodb import Segment
from shared.storage.facts import Facts, client_names
from shared.storage.given_up import GivenUpClients
from shared.storage.runs import Kind, Run, Runs
from shared.storage.scores import Scores
from tools.errors import ToolError
from tools.jobs import done
from tools.options import Profile, Region, StackName, filled
from tools.target import Target

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

AT_ONCE = 8
"""Clients that are verified side by side."""

ON_THEIR_WAY = 5.0
"""Seconds until those that differ are looked at once more: an event may just have come."""

PAUSE = 1.0
STALLED = 300.0
"""Seconds without a client done after which a rebuild is left to itself."""

OneClient = Annotated[
    str | None,
    typer.Option("--client", parser=filled, metavar="CLIENT", help="Only this client, by id or alias."),
]


def rebuild(
    *, client: OneClient = None, stack: StackName = None, region: Region = None, profile: Profile = None
) -> None:
    """Make the scores of all clients anew from their facts, beside the running service, and say what had drifted.

    Ctrl-C leaves it to the service; started again it begins anew, which costs reads only. Ends with status 1 when
    clients were given up.
    """
    target = Target.of(stack, region, profile)
    if client and not StackScores.of(target).knows(client):
        raise ToolError(f"{target.name} has no client {client}.")
    run = rebuilt(target, client)
    print(f"Names looked at, with those of aliases: {run.clients}. Drifted, and mended: {run.drifted}.")
    if run.failed:
        raise ToolError(
            f"{run.failed} could not be made anew: the log names them. They are tried again for two hours; what fails "
            "even then lies in UnrefreshedQueue."
        )


def rebuilt(target: Target, client: str | None = None, wait: int | None = None) -> Run:
    """A rebuild, once it is finished; `wait` as the job takes it. Raises ToolError when it does not get on."""
    kind, run_id = begin_rebuild(target, client, wait)
    runs = Runs(target.dynamodb(), target.output("ScoresTableName"))
    with _progress("Rebuilding") as progress:
        return _followed(lambda: runs.latest(kind), run_id, progress)


def begin_rebuild(target: Target, client: str | None = None, wait: int | None = None) -> tuple[Kind, str]:
    """Has the score function begin a rebuild, and gives its kind and its id. Raises ToolError when it is refused."""
    if client is not None and not is_slug(client):
        raise ToolError(f"{client} is no id of a client.")
    job = {"job": "rebuild", "client": client} | ({} if wait is None else {"wait": wait})
    begun = done(target, "ScoreFunctionName", job)
    return begun["kind"], begun["run"]


def was_looked_through(target: Target) -> bool:
    """Whether a night or a rebuild of all clients was ever begun."""
    runs = Runs(target.dynamodb(), target.output("ScoresTableName"))
    return bool(runs.latest("night") or runs.latest("rebuild"))


def catch_up(target: Target) -> None:
    """Has the notify function tell at once what nobody was told of. Raises ToolError."""
    done(target, "NotifyFunctionName", {"job": "catch_up", "wait": 0})


def _followed(latest: Callable[[], Run | None], run_id: str, progress: Progress) -> Run:
    task = progress.add_task("clients", total=None, drifted=0)
    seen, since = (0, 0), time.monotonic()
    while True:
        run = latest()
        if run is None or run.id != run_id:
            raise ToolError("Another rebuild was begun meanwhile, and how far it is stands in the place of this one.")
        total = run.clients if run.is_done else None
        progress.update(task, completed=run.clients - run.waiting, total=total, drifted=run.drifted)
        if run.finished_at:
            return run
        now = (len(run.counts), run.messages)
        if now != seen:
            seen, since = now, time.monotonic()
        if time.monotonic() - since > STALLED:
            raise ToolError(
                f"Nothing has happened for {STALLED:.0f} s. It goes on as soon as the score function does: see its log."
            )
        time.sleep(PAUSE)


def verify(
    *, client: OneClient = None, stack: StackName = None, region: Region = None, profile: Profile = None
) -> None:
    """Compare the stored score of each client with its facts; nothing is written.

    Ends with status 1 when any differs, and names them.
    """
    target = Target.of(stack, region, profile)
    scores = StackScores.of(target)
    names = [client] if client else sorted(scores.names())
    found = scores.verify(names)
    if client and not found:
        raise ToolError(f"{target.name} has no client {client}.")
    differing = [one for one in found if not one.holds]
    for one in differing:
        print(f"{one.client_id}: {', '.join(one.differs) or 'digest'}")
    for given_up in scores.given_up.waiting():
        when = f"{given_up.at:at %Y-%m-%d %H:%M}" if given_up.at else "at a time that cannot be read"
        print(f"{given_up.name}: records were given up {when} ({given_up.condition})")
    if differing:
        raise ToolError(
            f"{len(differing)} of {len(found)} differ from their facts. The night mends them, and so does make rebuild."
        )
    print(f"{len(found)} say what their facts give.")


@dataclass(frozen=True, slots=True)
class StackScores:
    """Verifies the clients of a stack, with the credentials of whoever runs it."""

    facts: Facts
    scores: Scores
    given_up: GivenUpClients
    one: Verifying

    @classmethod
    def of(cls, target: Target) -> "StackScores":
        """For a stack."""
        zone, model = target.zone_and_model()
        outputs = target.outputs()
        client: DynamoDBClient = target.session.client(
            "dynamodb", endpoint_url=target.endpoint_url, config=Config(max_pool_connections=AT_ONCE)
        )
        facts = Facts(client, outputs["FactsTableName"], time.sleep)
        scores = Scores(client, outputs["ScoresTableName"], model, zone)
        given_up = GivenUpClients(client, outputs["ScoresTableName"])
        one = Verifying(facts, scores, model, zone, lambda: datetime.now(UTC))  # noqa: TID251 - the edge
        return cls(facts, scores, given_up, one)

    def knows(self, name: str) -> bool:
        """Whether anything is stored under this name: a scorecard, that it is an alias, or facts."""
        return self.scores.look_up(name).is_known or self.facts.any(name)

    def names(self) -> set[str]:
        """Every client that has a score or facts, aliases left out."""
        held = {name for page in _pages(self.scores.names) for name in page}
        for page in _pages(self.facts.names):
            named = client_names(page) - held
            held |= named - self.scores.held(sorted(named), time.sleep)
        return held

    def verify(self, names: Iterable[str]) -> list[Verification]:
        """What is found of these clients. Those that differ are looked at once more, after some seconds."""
        found = self._all(list(names), "Verifying")
        again = [one.client_id for one in found if not one.holds]
        if not again:
            return found
        time.sleep(ON_THEIR_WAY)
        now = {one.client_id: one for one in self._all(again, "Once more")}
        return [now.get(one.client_id, one) for one in found]

    def _all(self, names: list[str], title: str) -> list[Verification]:
        with _progress(title) as progress, ThreadPoolExecutor(AT_ONCE) as pool:
            task = progress.add_task("clients", total=len(names), drifted=0)
            found = {}
            for verified in pool.map(self.one, names):
                progress.advance(task)
                if verified:
                    found[verified.client_id] = verified
        return [found[client_id] for client_id in sorted(found)]


def _pages(read: Callable[[Segment], tuple[set[str], dict[str, object] | None]]) -> Iterator[set[str]]:
    segment = Segment()
    while True:
        names, after = read(segment)
        yield names
        if after is None:
            return
        segment = Segment(after=after)


def _progress(title: str) -> Progress:
    """A bar on a terminal, and nothing elsewhere: what came of it is printed at the end."""
    console = Console(stderr=True)
    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[drifted]} drifted"))
    return Progress(*columns, console=console, disable=not console.is_terminal)

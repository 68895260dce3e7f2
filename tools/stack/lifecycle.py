"""Brings a local stack up and down, and says how to reach it."""

import json
import shutil
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from shared.http.problems import UnauthenticatedError
from shared.http.tokens import SCOPES, verify
from shared.storage.issued import Grant, Register
from tools.private_files import private, private_folder
from tools.stack import deployment, emulator
from tools.stack.account import AccountKeys, session
from tools.stack.progress import StackError, step
from tools.stack.settings import LOCAL, ROOT, Settings
from tools.token_keys import TokenKeys

TOKEN_LIFETIME = timedelta(days=30)
SECONDS_TO_DRAIN = 60
SECONDS_BETWEEN_WORDS = 5


@dataclass(frozen=True)
class Stack:
    """How a stack is reached: calls go to `api_url` with the Host header `host`."""

    api_url: str
    host: str
    token: str
    endpoint_url: str
    stack_name: str
    access_key_id: str
    secret_access_key: str

    @property
    def port(self) -> int:
        """The port on which it answers."""
        return int(self.endpoint_url.rpartition(":")[2])

    @property
    def session(self) -> boto3.Session:
        """A session of the root of its emulator; give its clients the endpoint_url."""
        return AccountKeys(self.access_key_id, self.secret_access_key).session()

    @property
    def pages_url(self) -> str:
        """Where a browser opens the pages: browsers look for names under localhost on this machine by themselves."""
        return f"http://{self.host}/"

    @classmethod
    def read(cls, settings: Settings) -> Self | None:
        """The stack as it was brought up, None when none is up on a port that is meant.

        The file alone says nothing: it is kept while the data is, so that what reads it finds the stack again.
        """
        port = emulator.running_port(settings)
        if port is None or not (settings.any_port or port == settings.port):
            return None
        try:
            return cls(**json.loads(settings.stack_file.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    @classmethod
    def running(cls, settings: Settings) -> Self:
        """The stack that is up. Raises StackError when none is, or it is on another port than the one asked for."""
        check_port(settings)
        stack = cls.read(settings)
        if stack is None:
            raise StackError("The local stack is not up: make up.")
        return stack

    def write(self, settings: Settings) -> None:
        """Keep it for other programs; only its owner may read the token and the keys."""
        private_folder(settings.state_dir)
        with open(settings.stack_file, "w", encoding="utf-8", opener=private) as file:
            json.dump(asdict(self), file, indent=2)


def up(settings: Settings) -> Stack:
    """Start the emulator, deploy what changed, and say how the stack is reached. May be called any number of times.

    Raises StackError with what to do when a step fails; an emulator that runs by then keeps running.
    """
    notice_what_is_unscored(settings)
    emulator.start(settings)
    try:
        outputs = deployment.deploy(settings)
    except (StackError, BotoCoreError, ClientError) as failed:
        emulator.check(settings)
        raise StackError(f"The stack could not be deployed: {failed}") from failed
    stack = Stack(
        api_url=f"{settings.endpoint_url}/",
        host=f"{outputs['HttpApiId']}.execute-api.localhost:{settings.port}",
        token=token_for_everything(settings, outputs["IssuedTableName"]),
        endpoint_url=settings.endpoint_url,
        stack_name=settings.name,
        **asdict(AccountKeys.of(settings)),
    )
    stack.write(settings)
    if settings.unscored_file.exists():
        mend(settings, stack)
    return stack


def notice_what_is_unscored(settings: Settings) -> None:
    """Leaves the word that scores may lack facts, where the emulator ended without being stopped, and says so."""
    if settings.process_file.exists() and emulator.running_port(settings) is None:
        at = emulator.saved_at(settings)
        kept = f"It has what was saved at {at:%Y-%m-%d %H:%M:%S}, and nothing later." if at else "Nothing was saved."
        print(f"The emulator ended without make down. {kept}")
        settings.unscored_file.touch()


def mend(settings: Settings, stack: Stack) -> None:
    """Makes all scores anew: what had not been read of the stream when the emulator ended is not read any more."""
    from tools.healing import catch_up, rebuilt  # noqa: PLC0415 - it is about stacks of any kind, and so rests on this module
    from tools.target import Target  # noqa: PLC0415

    target = Target(stack.stack_name, stack.session, stack)
    with step("Tell what nobody was told of"):
        catch_up(target)
    with step("Make the scores anew from the facts"):
        run = rebuilt(target, wait=0)
    print(f"{run.drifted} of {run.clients} scores lacked facts, and have them now.")
    if run.failed:
        print(f"{run.failed} could not be made anew: make logs says why, and make up tries again.")
        return
    settings.unscored_file.unlink()


def drain(settings: Settings) -> int:
    """Waits until the changes of facts have reached the score function; gives how many have not after a minute.

    A failing score function keeps them for ever, so the wait ends all the same.
    """
    deadline = time.monotonic() + SECONDS_TO_DRAIN
    told = 0.0
    while left := emulator.waiting(settings):
        now = time.monotonic()
        if now > deadline:
            return left
        if now - told > SECONDS_BETWEEN_WORDS:
            print(f"{left} changes are still to be scored.", flush=True)
            told = now
        time.sleep(0.2)
    return 0


def check_port(settings: Settings) -> None:
    """Raises StackError when the stack runs, but on another port than the one that was asked for."""
    port = emulator.running_port(settings)
    if port is not None and not settings.any_port and port != settings.port:
        raise StackError(f"No stack is up on port {settings.port}; the one of {settings.state_dir} is on port {port}.")


def down(settings: Settings) -> bool:
    """Stop the emulator and keep its data, and the file that says how it is reached. False when it did not run.

    Scores are waited for; where they do not come, the word is left and the next `up` makes them anew.
    """
    port = emulator.running_port(settings)
    left = drain(settings.on(port)) if port else 0
    if left:
        print(f"{left} changes were not scored in {SECONDS_TO_DRAIN} s: make up makes the scores anew.")
        settings.unscored_file.touch()
    return emulator.stop(settings)


def clean(settings: Settings) -> list[Path]:
    """Stop the emulator and remove all that its stack wrote, nothing else; gives what was removed."""
    emulator.stop(settings)  # nobody will ask for scores that are removed
    removed = [path for path in settings.written if remove(path)]
    if settings.state_dir.is_dir() and not any(settings.state_dir.iterdir()):
        settings.state_dir.rmdir()
    return removed


def clean_builds() -> list[Path]:
    """Remove the installed dependencies that builds share, and what was built for an account."""
    return [path for path in (LOCAL / "packages", ROOT / ".aws-sam") if remove(path)]


def remove(path: Path) -> bool:
    """Remove a file or a folder; False when there is none."""
    if path.is_dir():
        shutil.rmtree(path)
        return True
    existed = path.exists()
    path.unlink(missing_ok=True)
    return existed


def token_for_everything(settings: Settings, issued_table: str) -> str:
    """A token of the local stack with all scopes: the one it had, while that still opens everything, or a new one."""
    client = session(settings).client("secretsmanager", endpoint_url=settings.endpoint_url)
    keys, now = TokenKeys.read(client, settings.name), datetime.now(UTC)  # noqa: TID251 - where a token is minted
    held = Stack.read(settings)
    if held is not None and _opens_everything(held.token, keys, now):
        return held.token
    register = Register(session(settings).client("dynamodb", endpoint_url=settings.endpoint_url), issued_table)
    return register.issue(all_scopes(now), keys)[1]


def all_scopes(now: datetime) -> Grant:
    """What the developer of a local stack may do: everything."""
    return Grant(kind="token", subject="local", scopes=SCOPES, made_at=now, until=now + TOKEN_LIFETIME)


def _opens_everything(token: str, keys: TokenKeys, now: datetime) -> bool:
    """Whether a token will do for a while."""
    try:
        verified = verify(f"Bearer {token}", [keys.current])
    except UnauthenticatedError:
        return False
    lasting = verified.expires_at > (now + TOKEN_LIFETIME / 2).timestamp()
    withdrawn = verified.id is None or keys.is_withdrawn(verified.id)
    return lasting and not withdrawn and verified.scopes >= set(SCOPES)

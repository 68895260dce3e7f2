"""The emulator's process: MiniStack on the loopback interface, with its state kept on disk."""

import http.client
import json
import os
import socket
import subprocess
import time
from datetime import datetime

from tools.private_files import private, private_folder
from tools.stack import gate, streams
from tools.stack.account import AccountKeys
from tools.stack.process import Process
from tools.stack.progress import StackError, step
from tools.stack.settings import LOCAL, ROOT, Settings

PYTHON = LOCAL / "emulator" / "bin" / "python"
GATE = ROOT / "tools" / "stack" / "gate.py"
SECONDS_TO_START = 60
SECONDS_TO_SAVE = 60
LINES_OF_LOG = 20


def start(settings: Settings) -> None:
    """Start the emulator unless it runs; what it knew when it was stopped, it knows again.

    One that runs without keys of its own was started by an older version of this, and is started anew.
    """
    running, keys = Process.read(settings.process_file), AccountKeys.read(settings)
    if running is not None and keys is not None and running.port == settings.port and healthy(settings):
        print(f"The emulator runs on port {settings.port}.")
        return
    if running is not None:
        stop(settings)
    if port_taken(settings.port):
        raise StackError(
            f"Port {settings.port} is taken by another program. Choose another one: make up PORT={settings.port + 100}"
        )
    with step(f"Start the emulator on port {settings.port}"):
        for folder in (settings.state_dir, *settings.data_dirs.values()):
            private_folder(folder)
        streams.forget_positions(settings)
        keys = keys or AccountKeys.make(settings)
        with open(settings.log_file, "wb", opener=private) as log:
            child = subprocess.Popen(
                [PYTHON, GATE],
                env=environment(settings, keys),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C in the terminal must not reach it before its state is saved
            )
        process = Process.of(child.pid, settings.port)
        process.write(settings.process_file)
        wait_until_healthy(settings, process)


def running_port(settings: Settings) -> int | None:
    """The port of the emulator that runs for this stack; None when none does."""
    process = Process.read(settings.process_file)
    return process.port if process else None


def stop(settings: Settings) -> bool:
    """Stop the emulator and wait until its state is on disk. False when it did not run."""
    process = Process.read(settings.process_file)
    if process is not None:
        with step("Stop the emulator, keep its data"):
            if not process.stop(SECONDS_TO_SAVE):
                raise StackError(
                    f"The emulator did not end in {SECONDS_TO_SAVE} s and was killed: its last state is lost."
                )
    settings.process_file.unlink(missing_ok=True)
    return process is not None


def check(settings: Settings) -> None:
    """Raises StackError with the end of the emulator's log when it has died."""
    if Process.read(settings.process_file) is None:
        raise StackError(f"The emulator died:\n{last_lines(settings)}")


def environment(settings: Settings, keys: AccountKeys) -> dict[str, str]:
    """How MiniStack is configured; the functions it runs inherit this, so nothing else may stand in it."""
    return settings.environment(os.environ) | {
        **keys.environment(),
        "AUTH": "true",  # each function may do what its role allows, no more
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(settings.port),
        "MINISTACK_REGION": settings.environment({})["AWS_REGION"],
        "LAMBDA_EXECUTOR": "local",
        "LOG_LEVEL": "WARNING",
        "PERSIST_STATE": "1",
        "S3_PERSIST": "1",
        **{key: str(folder) for key, folder in settings.data_dirs.items()},
    }


def port_taken(port: int) -> bool:
    """Whether something answers on this port of the loopback interface."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """A port that nothing listens on now, for a stack beside the usual one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def healthy(settings: Settings) -> bool:
    """Whether MiniStack, and not another program, answers on the port."""
    connection = http.client.HTTPConnection("127.0.0.1", settings.port, timeout=2)
    try:
        connection.request("GET", gate.HEALTH)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def waiting(settings: Settings) -> int:
    """How many changes of facts have not reached the score function yet; 0 where the emulator does not say."""
    connection = http.client.HTTPConnection("127.0.0.1", settings.port, timeout=10)
    try:
        connection.request("GET", gate.WAITING)
        response = connection.getresponse()
        return int(json.loads(response.read())["records"]) if response.status == http.client.OK else 0
    except (OSError, http.client.HTTPException, ValueError, KeyError):
        return 0
    finally:
        connection.close()


def saved_at(settings: Settings) -> datetime | None:
    """When the emulator last wrote its state; None when it never did."""
    files = settings.data_dirs["STATE_DIR"].glob("*.json")
    latest = max((file.stat().st_mtime for file in files), default=None)
    return None if latest is None else datetime.fromtimestamp(latest).astimezone()


def wait_until_healthy(settings: Settings, process: Process) -> None:
    """Wait for the emulator to answer, or say what its log says."""
    deadline = time.monotonic() + SECONDS_TO_START
    while not healthy(settings):
        if not process.alive():
            raise StackError(f"The emulator ended as it started:\n{last_lines(settings)}")
        if time.monotonic() > deadline:
            process.stop(5)
            raise StackError(f"The emulator does not answer after {SECONDS_TO_START} s:\n{last_lines(settings)}")
        time.sleep(0.1)


def last_lines(settings: Settings) -> str:
    """The end of the emulator's log, and where the rest is."""
    lines = settings.log_file.read_text(encoding="utf-8", errors="replace").splitlines()[-LINES_OF_LOG:]
    return "\n".join([*(f"  {line}" for line in lines), f"The whole log: {settings.log_file}"])

"""Where a local stack lives and how it is reached."""

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from tools.stack.progress import StackError

ROOT = Path(__file__).resolve().parent.parent.parent
LOCAL = ROOT / ".local"
DEFAULT_PORT = 4566
HIGHEST_PORT = 65_535
DEFAULT_STATE = LOCAL / "state"
REGION = "us-east-1"

# What the emulator and SAM may inherit, by how it begins: how to find programs and packages, people's language, and
# nothing of their AWS account.
INHERITED = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TZ",
    "SSL_CERT_",
    "REQUESTS_CA_BUNDLE",
    "PIP_",
    "HTTP_PROXY",
    "HTTPS_PROXY",
)


@dataclass(frozen=True)
class Settings:
    """One local stack. Everything it writes stands in `state_dir`; two stacks need another port and another folder."""

    port: int = DEFAULT_PORT
    state_dir: Path = DEFAULT_STATE
    name: str = "opmm"
    any_port: bool = False
    """Whether nobody asked for a port: then a stack that is up is meant whatever its port is."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """PORT and STATE_DIR, as make passes them on; a relative folder is relative to the repository.

        Raises StackError for a port that is none, and for one of them that is there and empty.
        """
        port, folder = environment.get("PORT"), environment.get("STATE_DIR")
        if port is not None and not (port.isascii() and port.isdigit() and 0 < int(port) <= HIGHEST_PORT):
            raise StackError(f"PORT must be a number from 1 to {HIGHEST_PORT}, not {port!r}.")
        if folder is not None and not folder.strip():
            raise StackError("STATE_DIR is empty; name a folder, or leave it out.")
        return cls(
            port=DEFAULT_PORT if port is None else int(port),
            state_dir=DEFAULT_STATE if folder is None else (ROOT / folder).resolve(),
            any_port=port is None,
        )

    def on(self, port: int) -> Self:
        """The same stack on this port."""
        return replace(self, port=port, any_port=False)

    @property
    def endpoint_url(self) -> str:
        """Where the emulator answers, for every AWS service."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def stack_file(self) -> Path:
        """Where the stack says how to reach it: .local/stack.json, or in the state folder if that is another one."""
        return (LOCAL if self.state_dir == DEFAULT_STATE else self.state_dir) / "stack.json"

    @property
    def process_file(self) -> Path:
        """Which process is the emulator of this stack."""
        return self.state_dir / "emulator.json"

    @property
    def keys_file(self) -> Path:
        """The keys of the emulator's root."""
        return self.state_dir / "keys.json"

    @property
    def log_file(self) -> Path:
        """What the emulator says."""
        return self.state_dir / "emulator.log"

    @property
    def unscored_file(self) -> Path:
        """Is there while scores may lack facts: the emulator was stopped before they were made, or was cut off."""
        return self.state_dir / "unscored"

    @property
    def build_dir(self) -> Path:
        """What SAM builds."""
        return self.state_dir / "build"

    @property
    def data_dirs(self) -> dict[str, Path]:
        """Where the emulator keeps its state, its objects and its scratch files."""
        return {
            "STATE_DIR": self.state_dir / "data",
            "S3_DATA_DIR": self.state_dir / "s3",
            "TMPDIR": self.state_dir / "tmp",
        }

    @property
    def written(self) -> list[Path]:
        """All that is there because of this stack."""
        files = [
            self.stack_file,
            self.process_file,
            self.keys_file,
            self.unscored_file,
            self.log_file,
            self.build_dir.with_suffix(".toml"),
        ]
        return [*self.data_dirs.values(), self.build_dir, *files]

    @property
    def architecture(self) -> str:
        """The processor of this machine, as Lambda calls it."""
        return "arm64" if platform.machine().lower() in {"arm64", "aarch64"} else "x86_64"

    def environment(self, inherited: Mapping[str, str]) -> dict[str, str]:
        """The environment of the emulator and of SAM, without keys: none of the account and profile of who runs it."""
        kept = {key: value for key, value in inherited.items() if key.upper().startswith(INHERITED)}
        return kept | {
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

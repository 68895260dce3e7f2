"""Which version this is: packaging lays it beside the code (`tools/packaging/build_record.py`)."""

import json
from pathlib import Path

UNBUILT = "unbuilt"
"""What runs from a working copy, in tests, says this of itself."""


def version_of(folder: Path) -> str:
    """The version of what was built into a folder."""
    try:
        built = (folder / "build.json").read_text(encoding="utf-8")
    except FileNotFoundError:
        return UNBUILT
    version: str = json.loads(built)["version"]
    return version


VERSION = version_of(Path(__file__).resolve().parent.parent)

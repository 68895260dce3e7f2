"""Import and initialisation of each handler, as a ratio to `import boto3` measured in the same interleaved run.

Run with `make bench`. The handlers run from the package that is deployed: trimmed data and compiled files count.
"""

import argparse
import os
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from random import Random
from statistics import median

from tests.support.clients import REGION
from tests.support.template import environment

BARS = {"ingest": 1.9, "score": 1.4, "query": 1.4, "pages": 2.0}
ROUNDS = 21


def main() -> None:
    """Prints the median of each case and its ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path, help="folder of a built function")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    cases = {"boto3": "import boto3"} | {name: f"import functions.{name}.handler" for name in BARS}
    seconds: defaultdict[str, list[float]] = defaultdict(list)
    rng = Random(0)
    for _ in range(arguments.rounds):
        for name in rng.sample(sorted(cases), len(cases)):
            seconds[name].append(run(cases[name], name, arguments.package))
    base = median(seconds["boto3"])
    print(f"import boto3: {1000 * base:.0f} ms (median of {arguments.rounds}, interleaved)")
    for name, bar in BARS.items():
        print(f"{name:<8} {median(seconds[name]) / base:.2f} x   (bar {bar})")


def run(statement: str, name: str, package: Path) -> float:
    """Seconds of a fresh interpreter; boto3 alone comes from this environment, with all its data."""
    path = {} if name == "boto3" else {"PYTHONPATH": str(package.resolve())}
    function = f"{name.capitalize()}Function"
    variables = {} if name == "boto3" else environment(function)
    keys = {"AWS_DEFAULT_REGION": REGION, "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-P", *(["-S"] if path else []), "-c", statement],
        cwd=package,
        env={"PATH": os.environ["PATH"], **keys, **variables, **path},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - started


if __name__ == "__main__":
    main()

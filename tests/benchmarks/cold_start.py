"""Import and initialisation of each handler, as a ratio to `import boto3` measured in the same interleaved run.

The handlers run from the package that is deployed: trimmed data and compiled files count.
"""

import os
import resource
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from random import Random
from statistics import median

from tests.benchmarks.report import Figure, Section
from tests.support.clients import REGION
from tests.support.template import environment

BARS = {"ingest": 1.9, "score": 1.4, "query": 1.4, "pages": 2.0, "notify": 1.5}
ROOT = Path(__file__).parents[2]
KEYS = {"AWS_DEFAULT_REGION": REGION, "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
REFERENCE = dict.fromkeys(("REFERENCE_FACTS", "REFERENCE_SCORES", "REFERENCE_SEEN"), "t")


def cold_starts(package: Path, rounds: int) -> Section:
    """Every handler in a fresh interpreter, shuffled anew in each round."""
    cases = ["boto3", "reference", *BARS]
    seconds: defaultdict[str, list[float]] = defaultdict(list)
    rng = Random(0)
    for name in cases:
        run(name, package)  # files are read for the first time
    for _ in range(rounds):
        for name in rng.sample(cases, len(cases)):
            seconds[name].append(run(name, package))
    base = median(seconds["boto3"])
    usual = median(seconds["reference"]) / base
    return Section(
        "Cold start",
        f"Import and initialisation, processor time of a fresh interpreter, as a ratio to `import boto3` "
        f"({1000 * base:.0f} ms) in one interleaved run of {rounds} rounds. The reference comes from its environment, "
        "ours from the package that is deployed.",
        [
            Figure.of(name, "x", [each / base for each in seconds[name]], reference=usual, bar=bar)
            for name, bar in BARS.items()
        ],
    )


def run(name: str, package: Path) -> float:
    """Seconds of the processor; boto3 and the reference come from this environment, with all its data."""
    if name in BARS:
        statement, path = f"import functions.{name}.handler", package.resolve()
        variables = environment(f"{name.capitalize()}Function")
    else:
        statement = "import boto3" if name == "boto3" else "import tests.benchmarks.reference.handler"
        path, variables = ROOT, REFERENCE
        if name == "reference":
            # Not through the package of the benchmarks, which brings more along.
            path, statement = Path(__file__).parent, "import reference.handler"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-P", *(["-S"] if name in BARS else []), "-c", statement],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(path), **KEYS, **variables},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

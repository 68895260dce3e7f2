"""Export the facts of a stack, or of one client, to files that `make import` takes: `make export TO=folder`.

Importing them into an empty stack gives the same scores. Respondents are stored as hashes only, and not exported.
"""

import argparse
import csv
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.opmm.slugs import slugify
from shared.storage.records import Scored
from shared.storage.scores import Scores
from tools.stack.lifecycle import private
from tools.transfer.kinds import KINDS, Item
from tools.transfer.lines import TransferError
from tools.transfer.stored import REST, exported, facts
from tools.transfer.target import Account

NOT_EXPORTED = "respondent"

_UNFINISHED = ".part"
_ANEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


def export(items: Iterable[Item], folder: Path) -> Counter[str]:
    """Writes facts to the files of a folder as they come, and counts them by file.

    Only their owner may read the files, for they hold comments. They replace those of an earlier export once all are
    complete.
    """
    counted: Counter[str] = Counter(dict.fromkeys(_names(), 0))
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as opened:
        writers = {name: _writer(folder / f"{file}{_UNFINISHED}", opened) for name, file in _names().items()}
        for item in items:
            name, content = exported(item)
            writers[name](content)
            counted[name] += 1
    for file in _names().values():
        (folder / f"{file}{_UNFINISHED}").replace(folder / file)
    return counted


def _names() -> dict[str, str]:
    return {name: f"{name}.csv" for name in KINDS} | {REST: f"{REST}.jsonl"}


def _writer(path: Path, opened: ExitStack) -> Callable[[Mapping[str, Any]], object]:
    kind = KINDS.get(path.name.partition(".")[0])
    encoding = "utf-8-sig" if kind else "utf-8"  # Excel takes a file without the mark for Windows-1252
    file = opened.enter_context(os.fdopen(private(str(path), _ANEW), "w", encoding=encoding, newline=""))
    if kind is None:
        return lambda event: file.write(json.dumps(event, ensure_ascii=False) + "\n")
    rows = csv.DictWriter(file, [column for column in kind.columns if column != NOT_EXPORTED])
    rows.writeheader()
    return rows.writerow


def names_of(account: Account, client: str) -> list[str]:
    """Every name that the client's facts are stored under. Raises TransferError for what is no client."""
    scores = Scores(account.dynamodb(), account.outputs()["ScoresTableName"])
    entry = scores.read(scores.client_named(slugify(client)))
    if not isinstance(entry, Scored):
        raise TransferError(f"There is no client {client}.")
    return list(entry.names)


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """What make passes on."""
    parser = argparse.ArgumentParser(prog="python -m tools.transfer.exporting", description=__doc__)
    parser.add_argument("--to", type=Path, required=True, help="the folder; made when it is not there")
    parser.add_argument("--client", default="", help="one client, by id or alias; all without it")
    parser.add_argument("--stack", default="", help="a stack in your AWS account; without it the local one")
    return parser.parse_args(given)


def main(given: list[str] | None = None) -> None:
    """Exports, or ends with a sentence when it cannot."""
    wanted = arguments(given)
    try:
        account = Account.of(wanted.stack)
        names = names_of(account, wanted.client) if wanted.client else []
        table = account.outputs()["FactsTableName"]
        counted = export(facts(account.dynamodb(), table, names), wanted.to)
    except TransferError as failed:
        sys.exit(str(failed))
    except (BotoCoreError, ClientError, OSError) as failed:
        sys.exit(f"The export ended: {failed}")
    for name, file in _names().items():
        print(f"{counted[name]:>8}  {wanted.to / file}")


if __name__ == "__main__":
    main()

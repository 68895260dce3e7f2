"""Whatever a file holds, it is read or refused with a sentence: nothing else comes of it."""

import io
import zipfile
from contextlib import suppress
from itertools import islice
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.sheets.errors import SheetError
from shared.sheets.files import readings
from shared.sheets.reading import FileOptions
from tests.support.workbooks import workbook
from tests.unit.sheets.test_agency import ACME, BETA, HEADER
from tests.unit.sheets.test_maps import EXPORTS
from tests.unit.tools.worlds import WORLD

BOOK = workbook({"1-11-2026": [HEADER, ACME, BETA], "x": [["client", "as_of", "working"], ["a", "2026-11-01", 8]]})
SAMPLES = [*(text.encode() for text in EXPORTS.values()), "klant;nps;roadmap\nA;3;ja\n".encode("utf-16")]
OPTIONS = FileOptions("nps", dates="dmy", day="2026-11-01")


def taken(content: bytes, name: str) -> None:
    """Reads a file as the page does: looks, then reads. Anything but a sentence fails the test."""
    with suppress(SheetError):
        for table in readings(name, lambda: io.BytesIO(content), WORLD, OPTIONS):
            assert table.shown().said
            assert all(line.event or line.faults for line in islice(table.lines(), 1000))


@given(st.binary(max_size=400))
def test_any_bytes(content: bytes) -> None:
    taken(content, "a.csv")
    taken(b"PK\x03\x04" + content, "a.xlsx")


@given(st.text(alphabet='client,responded_atscore;\t"\n\r0123456789-/:. \x00é+E', max_size=300))
def test_any_text(text: str) -> None:
    taken(text.encode(), "a.csv")
    taken(f"client,response_id,score,responded_at\n{text}".encode(), "a.csv")
    taken(f"klant;nps;roadmap;datum\n{text}".encode("utf-16"), "a.csv")


@pytest.mark.parametrize("seed", range(60))
def test_files_that_were_cut_or_spoiled(seed: int) -> None:
    rng = Random(seed)
    for content, name in [(BOOK, "a.xlsx"), *((sample, "a.csv") for sample in SAMPLES)]:
        cut = content[: rng.randrange(len(content))]
        spoiled = bytearray(content)
        for _ in range(rng.randint(1, 8)):
            spoiled[rng.randrange(len(spoiled))] = rng.randrange(256)
        taken(cut, name)
        taken(bytes(spoiled), name)


@pytest.mark.parametrize("seed", range(60))
def test_workbooks_whose_parts_were_spoiled(seed: int) -> None:
    rng, spoiled = Random(seed), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(BOOK)) as book, zipfile.ZipFile(spoiled, "w") as other:
        for entry in book.infolist():
            part = bytearray(book.read(entry))
            for _ in range(rng.randint(0, 4)):
                part[rng.randrange(len(part))] = rng.choice(b'<>/"&;0 9Zr=\xff')
            other.writestr(entry.filename, bytes(part))
    taken(spoiled.getvalue(), "a.xlsx")

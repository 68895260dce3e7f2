"""An editor imports a file in the browser: chooses it, looks at it, imports it, in steps that may be repeated."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from moto import mock_aws

from functions.pages.import_file import MOST_BYTES
from functions.pages.import_page import without_respondent
from tests.support.browser_forms import OWN
from tests.support.calls import binary, call, look
from tests.support.service import Answer, Service, event, http_event, in_memory, token
from tests.support.workbooks import Rows, workbook

EDITOR = ["scores:read", "evidence:read", "events:write", "people:write"]
ROWS = (
    "client;response_id;score;responded_at;respondent\nAcme;1;9;13-11-2026 10:30;jo@example.com\nAcme;2;x;13-11-2026;\n"
)
BOUNDARY = "----boundary"


@pytest.fixture
def service() -> Iterator[Service]:
    with mock_aws():
        yield in_memory()


def text(answer: Answer) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", " ", answer.text)).split())


def hidden(answer: Answer) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', answer.text)
    return {name: unescape(value) for name, value in found}


def sent(service: Service, body: bytes, content_type: str, scopes: list[str] | None = None, **said: Any) -> Answer:
    claims = {"scopes": scopes or EDITOR, "name": "Ada", **said.pop("claims", {})}
    query = said.pop("query", "")
    headers = {**OWN, "cookie": f"__Host-opmm={token(**claims)}", "content-type": content_type, **said}
    request = http_event("POST", "/import", binary(body)["body"], headers) | {
        "isBase64Encoded": True,
        "rawQueryString": query,
    }
    return call(service.pages, request)


def chosen(service: Service, content: bytes, name: str = "r.csv", source: str = "nps", **said: Any) -> Answer:
    parts = [f'Content-Disposition: form-data; name="source"\r\n\r\n{source}'.encode()]
    if "act" in said:
        parts.append(f'Content-Disposition: form-data; name="act"\r\n\r\n{said.pop("act")}'.encode())
    parts.append(
        f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: x\r\n\r\n'.encode() + content
    )
    body = b"".join(f"--{BOUNDARY}\r\n".encode() + part + b"\r\n" for part in parts) + f"--{BOUNDARY}--\r\n".encode()
    return sent(service, body, f"multipart/form-data; boundary={BOUNDARY}", **said)


def pressed(service: Service, page: Answer, **said: Any) -> Answer:

    return sent(
        service, urlencode(hidden(page) | {"act": "import"}).encode(), "application/x-www-form-urlencoded", **said
    )


def test_a_file_is_looked_at_and_then_imported(service: Service) -> None:
    seen = chosen(service, ROWS.encode())

    assert seen.status == 200
    assert "r.csv It has our own columns, of responses." in text(seen)
    assert "times by the clocks of Europe/Amsterdam:" in text(seen)
    assert "2026-11-13 10:30" in seen.text
    assert "score: must be a whole number" in text(seen)
    assert service.get("/v1/clients").json["clients"] == []

    done = pressed(service, seen)
    service.settle()

    assert "Done: 1 accepted, 1 refused." in text(done)
    assert "r.csv:3: score: must be a whole number" in text(done)
    [fact] = service.get("/v1/clients/acme/evidence?dimension=nps").json["facts"]
    assert (fact["source"], fact["answer"], fact["author"]) == ("nps", {"score": 9}, "Ada")
    assert "Done: 1 known already, 1 refused." in text(pressed(service, seen))


def test_a_sheet_of_an_agency_shows_where_its_totals_differ(service: Service) -> None:
    rows: Rows = [["Klant", "Blije consultants", "NPS", "Totaal"], ["Acme", "tussen 5 en 10", 0, 6]]

    seen = chosen(service, workbook({"1 november 2026": rows}), "opmm.xlsx", "sheet")
    done = pressed(service, seen)
    service.settle()

    assert "Acme: the sheet says 6, the answers give 5" in text(seen)
    assert "Done: 2 accepted." in text(done)
    assert service.get("/v1/clients/acme").json["dimensions"][0]["basis"] == "band"


def test_what_a_command_would_take_is_asked_as_a_field(service: Service) -> None:
    header = "client;response_id;score;responded_at"
    rows = f"{header}\nAcme;1;9;1-11-2026 10:30\nAcme;2;9;2026-11-01 10:30\n"

    seen = text(chosen(service, rows.encode()))

    assert "comes first. Choose it with the file" in seen
    assert "2 times have no zone, and were read as those of Europe/Amsterdam." in seen
    assert "=" not in seen


def test_a_long_file_goes_on_in_steps(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("functions.pages.import_page.AT_ONCE", 8)
    rows = "client,response_id,score,responded_at\n" + "".join(f"a,{n},9,2026-11-01T10:00:00Z\n" for n in range(10))

    first = pressed(service, chosen(service, rows.encode()))
    second = pressed(service, first)

    assert "So far: 8 accepted. There is more." in text(first)
    assert "Done: 10 accepted." in text(second)


def test_what_another_source_has_told_is_told_before(service: Service) -> None:
    data = {"response_id": "1", "score": 9, "responded_at": "2026-11-13T09:30:00Z"}
    service.post([event("nps.responded", data, source="delighted", id="1")])

    seen = chosen(service, ROWS.encode())

    assert "1 of 1 responses is known already from delighted; as nps it would count a second time." in text(seen)
    assert "Import it all the same" in text(seen)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "", "Choose a file first."),
        (b"%PDF-1.7", "a.csv", "a.csv: is a PDF and no table"),
        (b"PK\x03\x04" + b"0" * 99, "a.xlsx", "is no workbook that can be read"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_reason(
    service: Service, content: bytes, name: str, said: str
) -> None:
    refused = chosen(service, content, name)

    assert (refused.status, said in text(refused)) == (422, True)


@pytest.mark.parametrize("size", [MOST_BYTES + 1, 3 * MOST_BYTES])
def test_a_file_that_is_too_large_is_told_so_and_another_can_be_chosen(service: Service, size: int) -> None:
    refused = chosen(service, b"x" * size)

    assert refused.status == 413
    assert "The file is larger than 1 MB, the most that this page takes." in text(refused)
    assert 'type="file"' in refused.text


def test_who_has_answered_is_left_out_and_shown_to_nobody(service: Service) -> None:
    seen = chosen(service, ROWS.encode())

    assert "respondent" in text(seen).partition("The first rows")[0]
    assert "jo@example.com" not in text(seen)


def test_a_form_that_is_none_is_refused(service: Service) -> None:
    assert sent(service, b"nothing", "multipart/form-data").status == 400
    assert sent(service, b"content=%%%&act=import", "application/x-www-form-urlencoded").status == 400


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"scopes": ["scores:read", "evidence:read"]}, 403),
        ({"claims": {"clients": ["acme"]}}, 403),
        ({"origin": "https://elsewhere.test"}, 403),
    ],
    ids=["viewer", "one client", "another site"],
)
def test_only_editors_of_all_clients_import_and_only_from_our_pages(
    service: Service, said: dict[str, Any], status: int
) -> None:
    assert chosen(service, ROWS.encode(), **said).status == status


def test_the_way_there_is_shown_to_editors(service: Service) -> None:
    assert 'href="/import"' in look(service, "/", scopes=EDITOR).text
    assert 'href="/import"' not in look(service, "/", scopes=["scores:read"]).text
    assert look(service, "/import", scopes=EDITOR).status == 200
    assert look(service, "/import", scopes=["scores:read"]).status == 403


def test_a_response_without_its_person_never_replaces_the_whole_one() -> None:
    timed = {"time": "2026-11-13T09:30:00Z", "data": {"respondent": "jo", "score": 9}}

    assert without_respondent(timed) == {"time": "2026-11-13T09:29:59.999999Z", "data": {"score": 9}}
    assert without_respondent(timed | {"sequence": "3"})["sequence"] == "2"
    assert without_respondent({"data": {"score": 9}}) == {"data": {"score": 9}}


def again(service: Service, page: Answer, language: str, **said: str) -> Answer:
    """The page as the switch of language draws it anew."""
    [act] = set(re.findall(r'formaction="[^"]*lang=[a-z]{2}" formnovalidate name="act" value="([a-z]+)"', page.text))
    form = urlencode(hidden(page) | {"act": act} | said).encode()
    return sent(service, form, "application/x-www-form-urlencoded", query=f"lang={language}")


def test_the_switch_of_language_keeps_what_is_looked_at(service: Service) -> None:
    seen = again(service, chosen(service, ROWS.encode()), "nl")

    assert "Het heeft onze eigen kolommen, van reacties." in text(seen)
    assert "score: moet een geheel getal zijn" in text(seen)
    assert service.get("/v1/clients").json["clients"] == []

    done = pressed(service, seen)
    for _ in range(2):
        done = again(service, done, "en")

    assert "Done: 1 accepted, 1 refused." in text(done)
    assert "r.csv:3: score: must be a whole number" in text(done)


def test_the_switch_of_language_keeps_a_file_that_was_only_chosen(service: Service) -> None:
    kept = chosen(service, ROWS.encode(), act="choose")

    assert "r.csv is kept; choose another one in its place" in text(kept)
    assert 'value="nps"' in kept.text
    assert "r.csv blijft staan" in text(again(service, kept, "nl", source="nps"))
    looked = urlencode(hidden(kept) | {"act": "look", "source": "nps"}).encode()
    assert "of responses." in text(sent(service, looked, "application/x-www-form-urlencoded"))


def test_a_file_with_a_header_only_offers_no_import(service: Service) -> None:
    refused = chosen(service, ROWS.partition("\n")[0].encode())

    assert refused.status == 422
    assert "r.csv: There is nothing in it to import" in text(refused)
    assert "Import it so" not in text(refused)


def test_a_source_that_is_too_long_is_refused_at_its_field(service: Service) -> None:
    refused = chosen(service, ROWS.encode(), source="s" * 101)

    assert refused.status == 422
    assert 'id="source-fault"' in refused.text
    assert "must have at most 100 characters" in text(refused)
    assert f'value="{"s" * 101}"' in refused.text
    assert "r.csv is kept" in text(refused)
    assert chosen(service, ROWS.encode(), source="s" * 100).status == 200


def test_what_was_refused_is_no_success(service: Service) -> None:
    bad = pressed(service, chosen(service, ROWS.encode()))
    good = pressed(service, chosen(service, ROWS.replace(";x;", ";8;").encode()))

    assert ('class="strip fault" role="alert"' in bad.text, "strip saved" in bad.text) == (True, False)
    assert 'href="#faults"' in bad.text
    assert ("strip fault" in good.text, "strip saved" in good.text) == (False, True)


def test_what_the_service_refuses_is_said_in_the_language_of_the_page(service: Service) -> None:
    header = "client,response_id,score,responded_at,updated_at"
    rows = f"{header}\nacme,1,9,2026-11-01T10:00:00Z,2026-11-01T10:00:00Z\n"
    pressed(service, chosen(service, rows.encode()))
    counted = rows.replace(",2026-11-01T10:00:00Z\n", ",v17\n")

    done = pressed(service, chosen(service, counted.encode()))

    assert "r.csv:2: its versions are known by their times and this one by a count" in text(done)
    assert "r.csv:2: de versies zijn bekend met een tijd en deze met een teller" in text(again(service, done, "nl"))


def test_what_is_not_newer_is_told_how_it_would_count(service: Service) -> None:
    header = "client,response_id,score,responded_at,updated_at"
    rows = f"{header}\nacme,1,9,2026-11-01T10:00:00Z,2026-11-02T10:00:00Z\n"
    pressed(service, chosen(service, rows.encode()))

    done = pressed(service, chosen(service, rows.replace("11-02", "11-01").encode()))

    assert "Done: 1 not newer than what is known." in text(done)
    assert "A correction counts when it tells a later time" in text(done)


@pytest.mark.parametrize(
    "forged",
    [{"progress": "AAAA", "accepted": "99", "done": "1"}, {"source": "other"}, {"name": "b.csv"}],
    ids=["unsigned", "of another source", "of another file"],
)
def test_nothing_is_told_that_the_service_has_not_counted(
    service: Service, forged: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.pages.import_page.AT_ONCE", 1)
    rows = "client,response_id,score,responded_at\n" + "".join(f"a,{n},9,2026-11-01T10:00:00Z\n" for n in range(2))
    first = pressed(service, chosen(service, rows.encode()))

    form = urlencode(hidden(first) | {"act": "import"} | forged).encode()
    answer = text(sent(service, form, "application/x-www-form-urlencoded"))

    assert re.search(r"So far: 1 (accepted|known already)\. There is more\.", answer)


def test_a_sheet_is_told_in_sentences_and_in_the_words_of_its_reader(service: Service) -> None:
    rows: Rows = [["Klant", "Blije consultants", "Roadmap"], ["Acme", "tussen 5 en 10", "Ja"]]

    seen = again(service, chosen(service, workbook({"1 november 2026": rows}), "opmm.xlsx", "sheet"), "nl")

    assert "Het wordt gelezen als blad met een rij per klant." in text(seen)
    assert "Klant Dag van het blad Blije consultants Roadmap Acme 2026-11-01" in text(seen)
    assert ">ja<" in seen.text

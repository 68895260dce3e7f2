"""The pages in a real browser. Without Chromium these tests are skipped, but not where CI is set."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # no stubs
from playwright.sync_api import Browser, Dialog, Page, ViewportSize, expect

from shared.http.tokens import ROLES, mint
from shared.storage.issued import link_to
from tests.end_to_end.calls import calling, eventually
from tests.support.service import event
from tools.demo.calls import post_events
from tools.stack import Settings, Stack
from tools.token_keys import TokenKeys

DESK: ViewportSize = {"width": 1200, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
RULES: dict[str, dict[str, Any]] = {"light": {}, "dark": {"runOnly": ["color-contrast"]}}
"""What axe looks at, all of it by default: a scheme changes colours and nothing else."""
CHANGING = (
    *("/", "/?due=true&q=e&max_total=17", "/clients/vlierbes", "/clients/pluimdal", "/clients/snorrewind/as-client"),
    *("/?sort=moved&status=all", "/agreements", "/agreements?status=settled"),
    *("/clients/gloeiwijk?as_of=2026-01-31", "/clients/gloeiwijk/evidence/nps", "/model?client=snorrewind"),
    *("/clients/gloeiwijk/prepare", "/clients/vlierbes/prepare", "/clients/gloeiwijk/talks"),
)
TALK = "/clients/snorrewind/talk?talk=new"
EDITOR = ["scores:read", "evidence:read", "events:write", "people:write"]
WRITTEN = (
    *("/clients/vlierbes?answer=roadmap", "/clients/vlierbes?answer=specialisms", "/clients/vlierbes/agree"),
    *("/clients/vlierbes/plan", "/clients/vlierbes/goal", "/clients/vlierbes/note", "/clients/vlierbes/owner"),
    *("/import", "/notifications"),
)
"""Pages of those who may write."""
WIDTHS = (360, 390, 720, 1024, 1440)


@pytest.fixture(scope="module")
def scored(stack: Stack, portfolio: list[dict[str, Any]]) -> int:
    """How many active clients the portfolio shows."""
    assert portfolio
    with calling(stack) as api:
        return int(api.get("v1/portfolio").json()["count"])


def link(settings: Settings, stack: Stack, *clients: str, **claims: Any) -> str:
    keys = TokenKeys.read(stack.session.client("secretsmanager", endpoint_url=stack.endpoint_url), settings.name)
    later = datetime.now(UTC) + timedelta(hours=1)  # noqa: TID251 - tokens are checked against the real time
    scopes = claims.pop("scopes", ["scores:read", "evidence:read"])
    return link_to(
        stack.pages_url,
        mint(keys.current, subject="tests", scopes=scopes, clients=clients, expires_at=later, **claims),
    )


def width_of(page: Page) -> int:
    """How wide the page is, once the browser has one: on its way to another there is none for a moment."""
    width: int = page.locator("html").evaluate("root => root.scrollWidth")
    return width


def sign_in(page: Page, address: str) -> None:
    """Opens a link, as people do: by its button."""
    page.goto(address)
    page.get_by_role("button", name="Open").click()
    page.wait_for_url(lambda url: "sign-in" not in url)


@pytest.fixture
def opened(browser: Browser, settings: Settings, stack: Stack, scored: int) -> Iterator[Page]:  # noqa: ARG001 - waits
    """The portfolio, signed in; whatever the browser complains about fails the test."""
    context = browser.new_context(base_url=stack.pages_url, locale="en-GB")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: complaints.append(request.url) if stack.host not in request.url else None)
    sign_in(page, link(settings, stack, scopes=ROLES["admin"]))
    yield page
    context.close()
    told = ("data:", "Clear-Site-Data")  # the icon, and what signing out takes from the browser
    assert [complaint for complaint in complaints if not complaint.startswith(told)] == []


@pytest.fixture(scope="module")
def examined(browser: Browser, settings: Settings, stack: Stack, scored: int) -> Iterator[Page]:  # noqa: ARG001 - waits
    """A page of an admin into which axe can be injected."""
    context = browser.new_context(base_url=stack.pages_url, bypass_csp=True)
    page = context.new_page()
    sign_in(page, link(settings, stack, scopes=ROLES["admin"]))
    yield page
    context.close()


def names(page: Page) -> list[str]:
    return page.locator("table.clients tr.client th a").all_inner_texts()


def as_visitor(stack: Stack) -> dict[str, str]:
    """The headers of a browser that has signed in."""
    return {"Authorization": "", "Cookie": f"opmm={stack.token}"}


@pytest.fixture(scope="module", autouse=True)
def withdrawn(settings: Settings, stack: Stack) -> str:
    """A link that opened something, withdrawn before the other tests: by the end of them no function remembers it."""
    token_id = "withdrawn"
    address = link(settings, stack, token_id=token_id)
    assert opening(stack, address) == 200
    later = datetime.now(UTC) + timedelta(hours=1)  # noqa: TID251 - tokens are checked against the real time
    client = stack.session.client("secretsmanager", endpoint_url=stack.endpoint_url)
    TokenKeys.change(
        client, settings.name, lambda keys: keys.without(token_id, int(later.timestamp()), later - timedelta(hours=1))
    )
    return address


def opening(stack: Stack, address: str) -> int:
    """What a browser gets that opens a link."""
    with calling(stack) as visitor:
        return visitor.get(address.removeprefix(stack.pages_url), headers={"Authorization": ""}).status_code


@pytest.mark.usefixtures("scored")
@pytest.mark.parametrize("language", ["en", "nl"])
def test_an_opened_link_signs_nobody_in_before_its_button_is_pressed(
    browser: Browser, settings: Settings, stack: Stack, language: str
) -> None:
    context = browser.new_context(base_url=stack.pages_url, locale=language, bypass_csp=True)  # axe is injected
    page = context.new_page()
    sent: list[tuple[str, str | None]] = []
    page.on("request", lambda request: sent.append((request.url, request.header_value("referer"))))
    page.goto(link(settings, stack, "trekvogel", name="Sam Example"))

    expect(page.get_by_text("Sam Example")).to_be_visible()
    assert Axe().run(page).violations_count == 0
    assert context.cookies() == []

    page.get_by_role("button", name={"en": "Open", "nl": "Openen"}[language], exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url.endswith("/clients/trekvogel")
    assert [url for url, _ in sent[1:] if "token=" in url] == []
    assert [referer for _, referer in sent if referer] == []
    assert page.evaluate("document.referrer") == ""
    context.close()


@pytest.mark.usefixtures("scored")
@pytest.mark.parametrize("action", ["sign-in", "sign-out"])
def test_a_foreign_site_signs_nobody_in_or_out(browser: Browser, settings: Settings, stack: Stack, action: str) -> None:
    context = browser.new_context(base_url=stack.pages_url, locale="en-GB")
    page = context.new_page()
    if action == "sign-out":
        sign_in(page, link(settings, stack))
    before = context.cookies()
    token = link(settings, stack, "trekvogel").partition("token=")[2]
    form = (
        f'<form method="post" action="{stack.pages_url}{action}">'
        f'<input name="token" value="{token}"><button>Go</button></form>'
    )
    page.route("http://evil.localhost/", lambda route: route.fulfill(body=form, content_type="text/html"))
    page.goto("http://evil.localhost/")
    page.get_by_role("button").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Open it from your link")
    assert context.cookies() == before
    context.close()


def test_a_link_signs_in_and_the_token_leaves_the_address(opened: Page, scored: int) -> None:
    assert opened.url.endswith("/")
    expect(opened.get_by_role("heading", level=1)).to_have_text("Portfolio")
    assert opened.locator("table.clients tr.client").count() == min(scored, 25)
    (cookie,) = opened.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Lax", "/")
    assert opened.evaluate("document.cookie") == ""


def test_the_table_is_sorted_by_its_headings(opened: Page) -> None:
    opened.get_by_role("columnheader", name="Client").get_by_role("link").click()

    found = names(opened)
    assert found == sorted(found, key=str.casefold)
    expect(opened.get_by_role("columnheader", name="Client")).to_have_attribute("aria-sort", "ascending")


def test_a_client_is_opened_and_the_language_is_kept(opened: Page) -> None:
    opened.get_by_role("link", name="Nederlands").click()
    opened.get_by_role("rowheader", name="Trekvogel").get_by_role("link").click()

    expect(opened.locator("html")).to_have_attribute("lang", "nl")
    expect(opened.get_by_role("heading", name="De vijf vragen")).to_be_visible()
    expect(opened.get_by_role("img", name=re.compile("^Totaal per maand"))).to_be_visible()


def test_everything_is_reached_with_the_keyboard(opened: Page) -> None:
    opened.keyboard.press("Tab")
    expect(opened.get_by_role("link", name="Skip to the content")).to_be_focused()
    opened.keyboard.press("Enter")
    opened.keyboard.press("Tab")

    assert opened.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("rest", ["", "/prepare"])
@pytest.mark.parametrize("client", ["vlierbes", "melkeveen", "pluimdal", "gloeiwijk"])
def test_a_scorecard_and_a_preparation_are_each_printed_on_one_a4(
    opened: Page, client: str, rest: str, language: str
) -> None:
    opened.goto(f"/clients/{client}{rest}?lang={language}")
    printed = opened.pdf(prefer_css_page_size=True)

    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    assert re.findall(rb"/MediaBox\s*\[0 0 59[45]\.?\d* 84[12]\.?\d*\]", printed)


@pytest.mark.parametrize("path", [*CHANGING, *WRITTEN, TALK, "/nothing"])
def test_axe_finds_nothing_to_complain_about(examined: Page, path: str) -> None:
    examined.goto(path)
    assert examined.url.endswith(path)  # and it is no page to sign in
    for scheme in SCHEMES:
        examined.emulate_media(color_scheme=scheme)
        for viewport in (DESK, PHONE):
            examined.set_viewport_size(viewport)
            found = Axe().run(examined, options={"resultTypes": ["violations"], **RULES[scheme]})
            assert found.violations_count == 0, (scheme, viewport, found.generate_report())


@pytest.mark.parametrize("language", ["en", "nl"])
def test_nothing_is_wider_than_the_screen_and_no_column_narrower_than_a_word(opened: Page, language: str) -> None:
    broken = """() => {
        const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
        const range = document.createRange(), found = [], short = /(?<!\\p{L})\\p{L}{2,12}(?!\\p{L})/gu;
        while (texts.nextNode()) for (const word of texts.currentNode.data.matchAll(short)) {
            range.setStart(texts.currentNode, word.index);
            range.setEnd(texts.currentNode, word.index + word[0].length);
            const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
            const seen = range.getBoundingClientRect().width > 2 && texts.currentNode.parentElement.clientWidth !== 1;
            if (seen && lines.size > 1) found.push(word[0]);
        }
        return found;
    }"""
    for path in (*CHANGING, *WRITTEN):
        opened.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
        for width in WIDTHS:
            opened.set_viewport_size({"width": width, "height": PHONE["height"]})
            assert width_of(opened) <= width, (path, width)
            assert (path, width, opened.evaluate(broken)) == (path, width, [])


def test_letters_can_be_read_and_places_to_press_be_hit(opened: Page) -> None:
    small = """() => [...document.querySelectorAll('main *, header *')].filter(element => {
        const said = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
        const scale = element.ownerSVGElement && element.getScreenCTM ? element.getScreenCTM().a : 1;
        const box = element.getBoundingClientRect();
        return said && box.width > 2 && parseFloat(getComputedStyle(element).fontSize) * scale < 12.5;
    }).map(element => element.textContent)"""
    narrow = """() => [...document.querySelectorAll('a, button, summary, select, input:not([type=hidden])')]
        .filter(element => {
            const box = (element.closest('label') ?? element).getBoundingClientRect();
            return box.width > 2 && box.height > 0 && (box.width < 23.5 || box.height < 23.5);
        }).map(element => element.textContent)"""
    for path in (*CHANGING, *WRITTEN):
        opened.goto(path)
        for width in (PHONE["width"], 1440):
            opened.set_viewport_size({"width": width, "height": PHONE["height"]})
            assert (opened.evaluate(small), opened.evaluate(narrow)) == ([], []), (path, width)
            assert opened.locator("h1").count() == 1


def test_in_the_dark_pages_are_dark(opened: Page) -> None:
    def background() -> Any:
        return opened.evaluate("getComputedStyle(document.body).backgroundColor")

    light = background()
    opened.emulate_media(color_scheme="dark")

    assert (light, background()) == ("rgb(247, 245, 241)", "rgb(18, 22, 26)")


@pytest.mark.usefixtures("scored")
def test_a_link_for_one_client_opens_that_client_only(browser: Browser, settings: Settings, stack: Stack) -> None:
    context = browser.new_context(base_url=stack.pages_url)
    page = context.new_page()
    sign_in(page, link(settings, stack, "trekvogel"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Trekvogel Logistiek")
    page.goto("/")
    assert names(page) == ["Trekvogel Logistiek"]
    page.get_by_role("link", name="Trekvogel Logistiek", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Trekvogel Logistiek")
    bodies = []
    for other in ("gloeiwijk", "nobody-at-all"):
        response = page.goto(f"/clients/{other}")
        assert response is not None
        assert response.status == 403
        bodies.append(response.text().replace(other, ""))
    assert bodies[0] == bodies[1]
    context.close()


def test_after_signing_out_pages_ask_for_a_link(opened: Page) -> None:
    opened.locator("summary.me").click()
    opened.get_by_role("button", name="Sign out").click()

    expect(opened.get_by_role("heading", level=1)).to_have_text("You are signed out")
    assert opened.context.cookies() == []


@pytest.mark.usefixtures("scored")
def test_a_client_lands_on_a_letter_and_has_no_portfolio(browser: Browser, settings: Settings, stack: Stack) -> None:
    context = browser.new_context(base_url=stack.pages_url, locale="nl", bypass_csp=True)  # axe is injected
    page = context.new_page()
    page.goto(link(settings, stack, "snorrewind", scopes=["scores:read"], name="Marit de Wit"))
    page.get_by_role("button", name="Openen").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Zo staat ons partnerschap ervoor")
    assert page.get_by_role("link", name="Portfolio").count() == 0
    page.goto("/")
    assert page.url.endswith("/clients/snorrewind")
    assert Axe().run(page).violations_count == 0
    context.close()


@pytest.mark.usefixtures("scored")
def test_an_editor_makes_a_link_with_which_somebody_at_the_client_takes_the_next_talk_along(
    browser: Browser, settings: Settings, stack: Stack
) -> None:
    ours = browser.new_context(base_url=stack.pages_url, locale="en", bypass_csp=True)  # axe is injected
    editor = ours.new_page()
    sign_in(editor, link(settings, stack, scopes=ROLES["editor"], name="Noor van Dalen"))
    editor.goto("/clients/snorrewind/as-client")
    editor.get_by_role("link", name="Links for the client").click()
    for width in WIDTHS:
        editor.set_viewport_size({"width": width, "height": 900})
        assert width_of(editor) <= width
    editor.get_by_label("For whom").fill("Jeroen Kok")
    editor.get_by_role("button", name="Make the link").click()
    expect(editor.get_by_role("status")).to_contain_text("The link for Jeroen Kok opens the page until")
    assert Axe().run(editor).violations_count == 0
    made = editor.locator("#link-made").input_value()
    ours.close()

    theirs = browser.new_context(base_url=stack.pages_url, locale="nl", bypass_csp=True)
    page = theirs.new_page()
    page.goto(made)
    page.get_by_role("button", name="Openen").click()
    page.wait_for_url(lambda url: url.endswith("/clients/snorrewind"))
    with page.expect_download() as download:
        page.get_by_role("link", name="Zet in agenda").click()
    assert download.value.suggested_filename.endswith(".ics")
    theirs.close()


@pytest.mark.usefixtures("scored")
@pytest.mark.parametrize("path", ["", "clients/vlierbes", "model", "style.css"])
def test_head_says_of_a_page_what_get_says(api: httpx.Client, stack: Stack, path: str) -> None:
    got, head = (api.request(method, path, headers=as_visitor(stack)) for method in ("GET", "HEAD"))

    assert (head.status_code, head.headers["content-type"], head.text) == (200, got.headers["content-type"], "")


@pytest.mark.parametrize(
    ("call", "accept", "status", "kind"),
    [
        ("GET nothing", "text/html,*/*", 404, "text/html; charset=utf-8"),
        ("GET nothing", "*/*", 404, "application/problem+json"),
        ("GET v1/nothing", "text/html,*/*", 404, "application/problem+json"),
        ("GET v1/nothing/at/all", "*/*", 404, "application/problem+json"),
        ("POST v1/clients", "text/html,*/*", 405, "application/problem+json"),
    ],
)
def test_the_api_responds_with_documents_and_all_else_with_pages(
    api: httpx.Client, call: str, accept: str, status: int, kind: str
) -> None:
    response = api.request(*call.split(), headers={"Accept": accept})

    assert (response.status_code, response.headers["content-type"]) == (status, kind)


def test_a_cookie_opens_pages_only(api: httpx.Client, stack: Stack) -> None:
    assert [api.get(path, headers=as_visitor(stack)).status_code for path in ("model", "v1/model")] == [200, 401]


@pytest.fixture
def editing(browser: Browser, settings: Settings, stack: Stack, scored: int) -> Iterator[Page]:  # noqa: ARG001 - waits
    """The form of a talk that nobody has planned, opened by an editor of its own."""
    context = browser.new_context(base_url=stack.pages_url, locale="en-GB")
    page = context.new_page()
    name = f"Editor {datetime.now(UTC).timestamp()}"  # noqa: TID251 - drafts are kept for each editor
    sign_in(page, link(settings, stack, scopes=EDITOR, name=name))
    page.goto(TALK)
    yield page
    context.close()


def test_the_form_of_a_talk_is_nowhere_wider_than_the_screen(editing: Page) -> None:
    for language in ("en", "nl"):
        editing.goto(f"{TALK}&lang={language}")
        for width in WIDTHS:
            editing.set_viewport_size({"width": width, "height": PHONE["height"]})
            assert width_of(editing) <= width, (language, width)


def test_the_enter_key_and_every_way_out_of_a_talk_keep_what_was_typed(editing: Page) -> None:
    editing.fill("#summary", "We look ahead.")
    editing.press("#a1-title", "Enter")
    expect(editing.get_by_text("Kept at")).to_be_visible()
    editing.fill("#internal", "Bring the offer.")
    editing.get_by_role("button", name="The model").click()
    expect(editing).to_have_url(re.compile("/model$"))

    editing.goto(TALK)

    assert (editing.input_value("#summary"), editing.input_value("#internal")) == (
        "We look ahead.",
        "Bring the offer.",
    )


def test_what_was_typed_and_not_kept_is_warned_of_and_offered_back(editing: Page) -> None:
    warned: list[str] = []

    def warn(dialog: Dialog) -> None:
        warned.append(dialog.type)
        dialog.accept()

    editing.on("dialog", warn)
    editing.fill("#summary", "Typed only.")
    editing.goto(TALK)
    assert (warned, editing.input_value("#summary")) == (["beforeunload"], "")

    editing.get_by_role("button", name="Take it back").click()

    assert editing.input_value("#summary") == "Typed only."
    editing.get_by_role("button", name="Keep for later").click()
    expect(editing.get_by_text("Kept at")).to_be_visible()
    expect(editing.locator("#typed")).to_be_hidden()


def test_numbers_that_are_typed_are_discussed(editing: Page) -> None:
    editing.fill("#q-happy_consultants-working", "9")

    expect(editing.locator("#q-happy_consultants-told")).to_be_checked()


def test_a_link_that_was_withdrawn_a_minute_ago_opens_nothing(browser: Browser, stack: Stack, withdrawn: str) -> None:
    eventually(lambda: opening(stack, withdrawn), 401, seconds=65)
    context = browser.new_context(base_url=stack.pages_url, locale="en-GB")
    page = context.new_page()
    page.goto(withdrawn)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask for a link")
    context.close()


LONG = "w" * 63
"""An id without a space; all that is told of this client is as long as it may be."""


@pytest.fixture
def long_words(api: httpx.Client, scored: int) -> Iterator[None]:  # noqa: ARG001 - the sample is counted before
    """A client whose names, people, answers and notes have no space; afterwards it has left."""

    def told(type_: str, data: dict[str, Any]) -> dict[str, Any]:
        return event(type_, data, subject=LONG, source="s" * 255, id=f"{type_}-long")

    answers = {"specialisms": ["A" * 200, "B" * 200], "roadmap": "yes"}
    rating = {"response_id": "r" * 128, "score": 3, "responded_at": "2026-11-18T09:00:00Z", "comment": "c" * 4000}
    action = {"action_id": "a", "title": "T" * 200, "side": "client", "who": "W" * 100, "due": "2026-11-24"}
    post_events(
        api,
        [
            told("client.described", {"name": "N" * 200, "owner": "O" * 100, "aliases": ["z" * 63]}),
            told("survey.answered", {"survey_id": "s", "answered_at": "2026-11-18T09:00:00Z", "answers": answers}),
            told("nps.responded", rating),
            told("talk.recorded", {"talk_id": "t", "on": "2026-11-10", "with": ["P" * 100], "summary": "S" * 4000}),
            told("action.agreed", action),
            told("note.written", {"note_id": "n", "dimension": "roadmap", "text": "N" * 4000}),
        ],
    )
    eventually(lambda: api.get(f"v1/clients/{LONG}").status_code, expected=200)
    yield
    post_events(api, [told("client.described", {"status": "ended"}) | {"id": "ended", "time": "2026-11-24T12:00:00Z"}])


@pytest.mark.usefixtures("long_words")
def test_words_without_a_space_make_no_page_wider_than_the_screen(opened: Page) -> None:
    of_client = (
        "",
        "?answer=specialisms",
        "/as-client",
        "/evidence/nps",
        "/evidence/specialisms",
        "/prepare",
        "/talks",
    )
    forms = ("/talk?talk=new", "/agree", "/note", "/links")
    others = ("/", "/?status=all&sort=name", f"/?owner={'O' * 100}", "/agreements", f"/model?client={LONG}", "/sources")
    for path in (*others, *(f"/clients/{LONG}{part}" for part in (*of_client, *forms))):
        opened.goto(path)
        for width in (360, 390, 768, 1280, 1440):
            opened.set_viewport_size({"width": width, "height": PHONE["height"]})
            assert width_of(opened) <= width, (path, width)

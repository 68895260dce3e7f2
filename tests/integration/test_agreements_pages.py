"""The agreements over all clients, where there are more of them than a page holds."""

import re

from tests.support.calls import look
from tests.support.readings import counted
from tests.support.service import Service, event


def titles(body: str) -> list[str]:
    return re.findall(r'#agreements" class="whole">(\w+)</a>', body)


def test_agreements_go_on_where_a_page_ended(service: Service) -> None:
    several = [f"a{number:02}" for number in range(60)]
    data = [{"action_id": title, "title": title, "side": "agency", "due": "2026-12-20"} for title in several]
    service.post([counted(3, "acme"), *(event("action.agreed", each, id=each["title"]) for each in data)])
    service.settle()

    cursors: list[str] = [""]
    pages: list[list[str]] = []
    while cursors[len(pages) :]:
        body = look(service, f"/agreements?cursor={cursors[-1]}" if cursors[-1] else "/agreements").text
        pages.append(titles(body))
        # The switch of language has the cursor of this very page; another one leads on.
        found = re.findall(r'href="/agreements[?][^"]*cursor=([^"&]*)', body)
        cursors += [cursor for cursor in dict.fromkeys(found) if cursor not in cursors]

    assert pages == [several[:25], several[25:50], several[50:]]

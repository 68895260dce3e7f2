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

    body = look(service, "/agreements").text
    pages = [titles(body)]
    while following := re.findall(r'href="(/agreements[?][^"]*cursor=[^"]*)"', body):
        body = look(service, following[0].replace("&amp;", "&")).text
        pages.append(titles(body))

    assert pages == [several[:25], several[25:50], several[50:]]

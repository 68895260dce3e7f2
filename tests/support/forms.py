"""A form on a page, filled in and sent as a browser without scripts would."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from typing_extensions import override

from tests.support.calls import call, look
from tests.support.service import Answer, Service, http_event, token

OWN = {"host": "opmm.test", "x-forwarded-proto": "https", "origin": "https://opmm.test"}
"""What a browser says of a form that a page of this host has sent."""


@dataclass
class Form:
    """What would be sent, by the names of the fields, and what is offered beside that."""

    fields: dict[str, str] = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)
    """By the name of a box or a choice, the values that there are."""

    def tick(self, beginning: str, value: str) -> None:
        """Ticks the box of a name."""
        [name] = [name for name, values in self.offered.items() if name.startswith(beginning) and value in values]
        self.fields[name] = value


class _Reader(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form = Form()
        self._id = form_id
        self._inside = False
        self._area = ""
        self._begun = False
        self._select = ""

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name, value = said.get("name") or "", said.get("value") or ""
        if tag == "form":
            self._inside = said.get("id") == self._id
        if not self._inside:
            return
        if tag == "input":
            self._input(said.get("type") or "text", name, value, checked="checked" in said)
        elif tag == "textarea":
            self._area, self._begun = name, False
            self.form.fields[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in said or self._select not in self.form.fields):
            self.form.fields[self._select] = value

    def _input(self, kind: str, name: str, value: str, *, checked: bool) -> None:
        if kind in ("radio", "checkbox"):
            self.form.offered.setdefault(name, []).append(value)
        if kind not in ("radio", "checkbox") or checked:
            self.form.fields[name] = value

    @override
    def handle_data(self, data: str) -> None:
        if self._area:
            said = self.form.fields[self._area] + data.replace("\r\n", "\n")
            self.form.fields[self._area] = said if self._begun else said.removeprefix("\n")
            self._begun = True

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        if tag == "form":
            self._inside = False


def form_on(answer: Answer, form_id: str) -> Form:
    """The form of this id on a page."""
    reader = _Reader(form_id)
    reader.feed(answer.text)
    return reader.form


def opened(service: Service, path: str, form_id: str, **claims: Any) -> Form:
    """The form of a page that is looked at."""
    answer = look(service, path, **claims)
    assert answer.status == 200, answer.text
    return form_on(answer, form_id)


def send(
    service: Service, path: str, form: Form, headers: dict[str, str] | None = None, claims: Any = None, **button: str
) -> Answer:
    """Presses a button of a form."""
    route, _, query = path.partition("?")
    said = {
        **OWN,
        "cookie": f"__Host-opmm={token(**(claims or {}))}",
        "content-type": "application/x-www-form-urlencoded",
        **(headers or {}),
    }
    return call(service.pages, http_event("POST", route, urlencode({**form.fields, **button}), said, query))

"""Fills in forms of pages, as a browser does that is signed in."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any
from urllib.parse import urlencode

from shared.http.tokens import ROLES
from tests.support.calls import call, look
from tests.support.service import Answer, Service, http_event, token

ORIGIN = "https://opmm.test"
EDITOR: Mapping[str, Any] = {"scopes": ROLES["editor"], "name": "Noor van Dalen"}
ADMIN: Mapping[str, Any] = {"scopes": ROLES["admin"], "name": "Bo Baas"}


def form_of(body: str, action: str) -> dict[str, str]:
    """What stands in a form of a page, as a browser would send it without anything being changed."""
    forms = re.findall(r"<form.*?</form>", body, re.DOTALL)
    [form] = [form for form in forms if f'action="{action}"' in form and 'name="form"' in form]
    fields: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") in ("radio", "checkbox") and not re.search(r"\schecked[\s>]", tag):
            continue
        if "name" in attributes:
            fields[unescape(attributes["name"])] = unescape(attributes.get("value", ""))
    for attributes_text, content in re.findall(r"<textarea([^>]*)>(.*?)</textarea>", form, re.DOTALL):
        fields[dict(re.findall(r'([\w-]+)="([^"]*)"', attributes_text))["name"]] = unescape(content).removeprefix("\n")
    for attributes_text, options in re.findall(r"<select([^>]*)>(.*?)</select>", form, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected', options) or re.findall(r'value="([^"]*)"', options)
        fields[dict(re.findall(r'([\w-]+)="([^"]*)"', attributes_text))["name"]] = unescape(chosen[0])
    return fields


def send(service: Service, path: str, fields: Mapping[str, str], *, origin: str = ORIGIN, **claims: Any) -> Answer:
    """The response to a form that is sent."""
    route, _, query = path.partition("?")
    headers = {
        "cookie": f"__Host-opmm={token(**{**EDITOR, **claims})}",
        "host": "opmm.test",
        "x-forwarded-proto": "https",
        "origin": origin,
        "content-type": "application/x-www-form-urlencoded",
        "accept": "text/html",
    }
    return call(service.pages, http_event("POST", route, urlencode(fields), headers, query))


def drawn(service: Service, page: str, action: str, **claims: Any) -> dict[str, str]:
    """The fields of a form on a page."""
    response = look(service, page, **{**EDITOR, **claims})
    assert response.status == 200
    return form_of(response.text, action)


def said(body: str) -> str:
    """What the strip on top of a page says."""
    found = re.findall(r'class="strip (?:saved|fault)"[^>]*>(.*?)</div>', body, re.DOTALL)
    return unescape(" ".join(re.sub("<[^>]*>", " ", " ".join(found)).split()))


def followed(service: Service, response: Answer, **claims: Any) -> str:
    """The page that a form leads to."""
    assert response.status == 303, said(response.text)
    place = response.headers["Location"].partition("#")[0]
    return look(service, place, **{**EDITOR, **claims}).text

"""Requests for tests."""

from shared.http.requests import Request


def request(method: str = "GET", path: str = "/v1/clients", body: str = "", **headers: str) -> Request:
    return Request(method, path, {name.replace("_", "-"): value for name, value in headers.items()}, {}, body)

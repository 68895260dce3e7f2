"""Which clients the lines of a file are about: as webhooks find them, by an id, an alias or a display name."""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any

import httpx

from shared.intake.client_names import AmbiguousNameError, Named, find_client
from shared.opmm.slugs import name_key, slugify
from shared.sheets.interpretation import Names
from shared.storage.records import Scored
from shared.storage.scores import Scores
from tools.errors import ToolError


@dataclass(frozen=True)
class _LookedUp(ABC):
    """Each name is looked up once; one that is to make a client is that client's in every spelling from then on."""

    _found: dict[str, Named] = field(default_factory=dict, init=False)
    _made: dict[str, str] = field(default_factory=dict, init=False)

    def __call__(self, name: str) -> Named:
        """The client behind a name; raises as `find_client` does."""
        if name not in self._found:
            found = self._found[name] = find_client(name, self._look_up, self._called_or_made)
            key = name_key(name)
            if found.is_new and key:
                self._made.setdefault(key, found.subject)
        return self._found[name]

    @abstractmethod
    def _look_up(self, slug: str) -> Named:
        """What an id or alias leads to."""

    @abstractmethod
    def _clients_called(self, key: str) -> Sequence[str]:
        """The ids of the clients whose display names have this key."""

    def _called_or_made(self, key: str) -> Sequence[str]:
        return self._clients_called(key) or ([self._made[key]] if key in self._made else ())


@dataclass(frozen=True)
class StackNames(_LookedUp):
    """The clients in the tables of a stack."""

    scores: Scores

    def _look_up(self, slug: str) -> Named:
        client_id, known = self.scores.client_named(slug)
        return Named(slug, client_id, is_new=not known)

    def _clients_called(self, key: str) -> Sequence[str]:
        return self.scores.clients_called(key)

    def is_described(self, name: str) -> bool:
        """Whether an id is that of a client which somebody has described, and no alias."""
        client_id, held = self.scores.read_client(name)
        return client_id == name and isinstance(held, Scored) and held.inputs.description.described


@dataclass(frozen=True)
class ServiceNames(_LookedUp):
    """The clients that a service lists to a token, read once. Raises ToolError when it does not tell."""

    client: httpx.Client

    def _look_up(self, slug: str) -> Named:
        response = self._get(f"v1/clients/{slug}")
        if response.status_code == HTTPStatus.OK:
            return Named(slug, response.json()["client_id"], is_new=False)
        if response.status_code == HTTPStatus.FORBIDDEN:
            _ = self._by_key  # a token that may not read at all is told here
        # One that is not granted is refused when it is sent, and nobody is told whether there is such a client.
        return Named(slug, slug, is_new=response.status_code == HTTPStatus.NOT_FOUND)

    def _clients_called(self, key: str) -> Sequence[str]:
        return self._by_key.get(key, ())

    @cached_property
    def _by_key(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for row in self._rows():
            key = name_key(row["name"])
            if key:
                found[key].append(row["client_id"])
        return found

    def _rows(self) -> Iterator[dict[str, Any]]:
        query = {"status": "all", "sort": "name", "limit": "100"}
        while True:
            response = self._get("v1/clients", query)
            if response.status_code != HTTPStatus.OK:
                raise ToolError(
                    f"{self.client.base_url} does not list its clients ({response.status_code}), so that names cannot "
                    'be looked up: make token SCOPE="events:write clients:write scores:read"'
                )
            page = response.json()
            yield from page["clients"]
            if page["next"] is None:
                return
            query["cursor"] = page["next"]

    def _get(self, path: str, query: dict[str, str] | None = None) -> httpx.Response:
        try:
            return self.client.get(path, params=query)
        except httpx.TransportError as error:
            raise ToolError(f"{self.client.base_url} did not respond: {str(error) or type(error).__name__}") from error


def would_join(event: Mapping[str, Any], names: Names) -> set[str]:
    """The described clients that an event would join to its own, as far as can be seen without sending it."""
    if event["type"] != "client.described" or not isinstance(names, StackNames):
        return set()
    aliases = {slugify(alias) for alias in (event.get("data") or {}).get("aliases") or ()}
    return {alias for alias in aliases if names.is_described(alias)}


def is_new(subject: str, names: Names) -> bool:
    """Whether an event would make a client: its subject is no id and no alias, whatever display names there are."""
    try:
        found = names(subject)
    except AmbiguousNameError:
        return True
    return found.is_new or found.subject != subject

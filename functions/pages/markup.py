"""HTML in which everything is escaped unless it is markup by its type.

Forty lines of our own instead of a template engine: Jinja2 would cost a cold start more than all pages together, and
its templates are checked when they run, not by mypy. Here nobody can forget to escape: text is `str`, and markup is
what only `tag` and `document` make.
"""

from functools import partial
from html import escape
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

_VOID = frozenset({"br", "col", "hr", "input", "link", "meta"})


class Markup(str):
    """Text that is HTML already. What is made of it by + or in an f-string is a plain str again, and gets escaped."""

    __slots__ = ()


Child: TypeAlias = "str | int | Iterable[Child] | None"
"""What may stand inside an element; None is nothing."""

Value: TypeAlias = str | int | float | bool | None
"""Of an attribute: True is the bare name, False and None leave it out; fractions are places in a picture."""


class Tag(Protocol):
    """Makes one kind of element."""

    def __call__(self, *children: Child, **attributes: Value) -> Markup:
        """The element. `class_` is the attribute class, `aria_label` is aria-label."""
        ...


class _Tags:
    def __getattr__(self, name: str) -> Tag:
        return partial(_element, name)


tag = _Tags()
"""Elements by their names: `tag.p("a < b", class_="hint")`."""


def document(language: str, *children: Child) -> Markup:
    """A whole page."""
    return Markup("<!doctype html>\n" + tag.html(*children, lang=language))


def _element(name: str, /, *children: Child, **attributes: Value) -> Markup:
    opening = f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>"
    return Markup(opening if name in _VOID else f"{opening}{_rendered(children)}</{name}>")


def _attribute(key: str, value: Value) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def _rendered(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child
    if isinstance(child, str | int):
        return escape(str(child))
    return "".join(_rendered(part) for part in child)

from typing import Any

from shared.storage.described import Described


class Held:
    """A secret that holds this document."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    def read(self) -> Any:
        return self.document


def described(held: Held, loaded: list[Any]) -> Described[Any]:
    def load(_: str, described: Any) -> Any:
        loaded.append(described)
        return described["says"]

    return Described(held, load, LookupError)  # type: ignore[arg-type]


def test_a_description_is_read_once_for_a_version_of_the_document() -> None:
    held, loaded = Held({"one": {"says": 1}}), list[Any]()
    document = described(held, loaded)

    assert (document.all(), document.all()) == ([1], [1])
    assert len(loaded) == 1
    held.document = {"one": {"says": 2}}
    assert (document.all(), document.all()) == ([2], [2])
    assert len(loaded) == 2


def test_what_was_read_of_the_document_before_is_not_kept_for_the_one_that_counts() -> None:
    held = Held({"one": {"says": 1}})
    document, before = described(held, []), held.document

    assert document.all() == [1]
    held.document = {"one": {"says": 2}}
    assert document.all() == [2]
    # The thread that has the old one in its hands by now.
    assert document.one("one", before["one"]) == 1
    assert document.all() == [2]

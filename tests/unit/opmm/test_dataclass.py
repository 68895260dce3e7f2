import dataclasses
import importlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import FrozenInstanceError, field, fields, is_dataclass, replace
from datetime import date
from inspect import Parameter, signature
from typing import Any, Generic, TypeVar

import pytest

from shared.opmm.dataclass import dataclass
from tests.unit.test_architecture import MODULES

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    value: T
    day: date = date(2026, 11, 2)
    causes: dict[str, str] = field(default_factory=dict)
    position: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    first: int = 1
    second: int


@dataclass(slots=True)
class Mutable:
    count: int = 0


@dataclass(frozen=True, slots=True)
class Derived:
    text: str
    words: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", len(self.text.split()))


@dataclass(frozen=True, slots=True)
class Empty:
    pass


def test_is_made_by_position_or_name_with_defaults_and_a_fresh_value_of_each_factory() -> None:
    first, second = Answer(4), Answer(value=4, position="x")
    assert (first.value, first.day, first.causes, first.position) == (4, date(2026, 11, 2), {}, "")
    assert first.causes is not second.causes
    assert Answer(4, date(2026, 1, 1), {"a": "b"}, "p").causes == {"a": "b"}
    assert (Named(second=2), Derived("two words").words) == (Named(first=1, second=2), 2)
    assert isinstance(Empty(), Empty)


def test_what_does_not_fit_is_refused_as_by_any_function() -> None:
    wrong: Any = (Answer, Named, Empty)
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'value'"):
        wrong[0]()
    with pytest.raises(TypeError, match="unexpected keyword argument 'third'"):
        wrong[0](1, third=2)
    with pytest.raises(TypeError, match="positional"):
        wrong[1](1, 2)


def test_is_equal_by_class_and_values_but_for_those_that_are_not_compared() -> None:
    assert Answer(4, position="a") == Answer(4, position="b")
    assert Answer(4) != Answer(3)
    other: object = Mutable(1)
    assert Named(second=2) != other
    assert hash(Named(second=2)) == hash(Named(second=2))
    assert Empty() == Empty()
    with pytest.raises(TypeError, match="unhashable"):
        hash(Mutable())


def test_is_never_changed_when_frozen() -> None:
    frozen: Any = Named(second=2)
    with pytest.raises(FrozenInstanceError, match=r"Named\.second"):
        frozen.second = 3
    with pytest.raises(FrozenInstanceError, match=r"Named\.first"):
        del frozen.first
    mutable = Mutable()
    mutable.count += 1
    assert mutable == Mutable(1)
    with pytest.raises(AttributeError):
        mutable.other = 1  # type: ignore[attr-defined]


def test_tells_its_values_and_is_matched_by_position() -> None:
    assert repr(Named(second=2)) == "Named(first=1, second=2)"
    match Answer(4):
        case Answer(value, day):
            assert (value, day) == (4, date(2026, 11, 2))


def test_the_functions_of_dataclasses_take_it() -> None:
    assert replace(Answer(4, position="a"), value=3) == Answer(3)
    assert replace(Derived("two words"), text="now three words").words == 3
    assert [each.name for each in fields(Answer)] == ["value", "day", "causes", "position"]
    assert is_dataclass(Named)


def test_what_it_does_not_make_is_refused_where_the_class_stands() -> None:
    with pytest.raises(TypeError, match="slots"):
        dataclass(frozen=True, slots=False)
    with pytest.raises(TypeError, match="dataclass as its base"):

        @dataclass(frozen=True, slots=True)
        class Heir(Named):
            third: int = 3

    with pytest.raises(TypeError, match=r"Secret\.value"):

        @dataclass(frozen=True, slots=True)
        class Secret:
            value: int = field(repr=False)


def ours() -> Iterator[Any]:
    """Every dataclass of what is deployed; handlers are left out, as they ask for their environment."""
    for module in MODULES:
        if not module.is_handler:
            for found in vars(importlib.import_module(module.name)).values():
                if not isinstance(found, type) or found.__module__ != module.name:
                    continue
                if is_dataclass(found) and "__match_args__" in vars(found):  # else one is its base
                    yield found


def parameters(init: Any) -> list[tuple[str, Any, bool]]:
    return [(name, each.kind, each.default is Parameter.empty) for name, each in signature(init).parameters.items()]


def test_every_class_of_ours_is_made_as_the_standard_library_would_make_it() -> None:
    classes = list(ours())
    for cls in classes:
        with suppress(TypeError):
            cls.__init__(None, compile="now")
        by_name = any(each.kw_only for each in fields(cls))
        described = [(each.name, each.type, each) for each in fields(cls)]
        standard: Any = dataclasses.make_dataclass(cls.__name__, described, kw_only=by_name)
        assert [each.name for each in fields(cls)] == list(cls.__slots__), cls
        assert cls.__match_args__ == standard.__match_args__, cls
        assert parameters(cls.__init__) == parameters(standard.__init__), cls
    assert len(classes) > 150

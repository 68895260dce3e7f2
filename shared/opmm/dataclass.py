"""The standard library's dataclass, compiled when it is first used: a cold start makes a hundred classes, and uses ten.

`dataclasses` writes and compiles six methods for each class where it stands, about half a millisecond every time. Here
`__init__` is compiled when the first value is made, and the other methods are shared. Type checkers see the original,
and so do `dataclasses.replace`, `fields` and `is_dataclass`. What the original takes and this does not is refused where
the class stands: bases that are such classes themselves, and fields that are left out of the text or the hash.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, FrozenInstanceError
from dataclasses import dataclass as standard_dataclass
from inspect import get_annotations
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn

__all__ = ["dataclass"]

_NOT_COPIED = ("__dict__", "__weakref__")
"""What `type` makes anew for every class."""


def _dataclass(*, slots: bool, frozen: bool = False, kw_only: bool = False) -> Callable[[type], type]:
    """A decorator as the standard one is with these options; every class has slots."""
    if not slots:
        raise TypeError("a dataclass has slots here")

    def decorator(plain: type) -> type:
        if any(hasattr(base, "__dataclass_fields__") for base in plain.__bases__):
            raise TypeError(f"{plain.__qualname__} has a dataclass as its base")
        names = tuple(get_annotations(plain))
        body = {name: value for name, value in vars(plain).items() if name not in _NOT_COPIED}
        defaults = {name: body.pop(name) for name in names if name in body}
        specified = {name: default for name, default in defaults.items() if isinstance(default, Field)}
        for name, asked in specified.items():
            if not asked.repr or asked.hash is not None:
                raise TypeError(f"{plain.__qualname__}.{name} asks for what is not made here")
        given = () if kw_only else tuple(name for name in names if name not in specified or specified[name].init)
        body |= {"__qualname__": plain.__qualname__, "__slots__": names, "__match_args__": given}
        compared = [name for name in names if name not in specified or specified[name].compare]
        body |= _shared_methods(names, compared, frozen=frozen)
        body["__dataclass_fields__"] = _Fields(plain, defaults, kw_only=kw_only)
        made: Any = type(plain)(plain.__name__, plain.__bases__, body)

        def first_init(self: object, *args: object, **kwargs: object) -> None:
            made.__init__ = _compiled_init(made, names, defaults, kw_only=kw_only)
            made.__init__(self, *args, **kwargs)

        made.__init__ = first_init
        checked: type = made
        return checked

    return decorator


class _Fields:
    """The fields of a class, as the functions of `dataclasses` look for them: made when one of those does."""

    def __init__(self, plain: type, defaults: Mapping[str, Any], *, kw_only: bool) -> None:
        self._plain, self._defaults, self._kw_only = plain, defaults, kw_only

    def __get__(self, instance: object, owner: Any) -> Any:
        described = type(self._plain.__name__, (), {"__annotations__": get_annotations(self._plain), **self._defaults})
        only_fields: type = standard_dataclass(init=False, repr=False, eq=False, kw_only=self._kw_only)(described)
        owner.__dataclass_fields__ = vars(only_fields)["__dataclass_fields__"]
        return owner.__dataclass_fields__


def _shared_methods(names: Sequence[str], compared: Sequence[str], *, frozen: bool) -> dict[str, Any]:
    """What needs no code of its own for each class."""
    key: Callable[[Any], Any] = attrgetter(*compared) if compared else lambda _: ()

    def equal(self: object, other: object) -> Any:
        return key(self) == key(other) if self.__class__ is other.__class__ else NotImplemented

    def hashed(self: object) -> int:
        return hash(key(self))

    def text(self: object) -> str:
        told = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{self.__class__.__qualname__}({told})"

    methods = {"__eq__": equal, "__hash__": hashed if frozen else None, "__repr__": text}
    return methods | {"__setattr__": _refuse, "__delattr__": _refuse} if frozen else methods


def _refuse(self: object, name: str, _value: object = None) -> NoReturn:
    raise FrozenInstanceError(f"{self.__class__.__qualname__}.{name} is never set again")


def _compiled_init(made: Any, names: tuple[str, ...], defaults: Mapping[str, Any], *, kw_only: bool) -> Any:
    """`__init__` as the standard one is: defaults by value, factories called anew for each."""
    known: dict[str, Any] = {"_put": object.__setattr__, "_missing": MISSING}
    arguments, lines = ["self", *(["*"] if kw_only and names else [])], []
    for name in names:
        argument, value = name, name
        if name in defaults:
            default = defaults[name]
            if isinstance(default, Field):
                if not default.init:
                    continue  # __post_init__ sets it
                if default.default_factory is not MISSING:
                    known[f"_make_{name}"] = default.default_factory
                    value = f"_make_{name}() if {name} is _missing else {name}"
                default = default.default
            if default is not MISSING or value != name:
                known[f"_default_{name}"] = default
                argument = f"{name}=_default_{name}"
        arguments.append(argument)
        lines.append(f" _put(self, {name!r}, {value})")
    if hasattr(made, "__post_init__"):
        lines.append(" self.__post_init__()")
    exec(f"def __init__({', '.join(arguments)}):\n" + "\n".join(lines or [" pass"]), known)  # noqa: S102 - our own names
    init = known["__init__"]
    init.__qualname__ = f"{made.__qualname__}.__init__"
    return init


if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    dataclass = _dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.storage.dynamodb import NoAttributeError, from_item, to_item

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**37), 10**37) | st.text(max_size=5) | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(min_size=1, max_size=5), values, max_size=5))
def test_values_come_back_as_they_went_and_none_is_left_out(item: dict[str, object]) -> None:
    assert from_item(to_item(item)) == {key: value for key, value in item.items() if value is not None}


def test_attributes_are_those_of_dynamodb() -> None:
    assert to_item({"a": 1, "b": True, "c": "x", "d": [None, b"y"], "e": {"f": ()}, "g": frozenset({"z", "y"})}) == {
        "a": {"N": "1"},
        "b": {"BOOL": True},
        "c": {"S": "x"},
        "d": {"L": [{"NULL": True}, {"B": b"y"}]},
        "e": {"M": {"f": {"L": []}}},
        "g": {"SS": ["y", "z"]},
    }


def test_what_this_service_stores_none_of_is_refused() -> None:
    with pytest.raises(NoAttributeError):
        to_item({"score": 9.5})
    with pytest.raises(NoAttributeError):
        from_item({"names": {"NS": ["1"]}})

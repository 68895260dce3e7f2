"""Takes from moto what grows with its tables, so that a test costs what it does and not what was stored before it.

In moto a transaction copies each table that it writes to, stream included, once for every item, to have it back when
the transaction fails; a query sorts and walks through the items of all partitions; and what is read is looked up in the
model of the API, value by value. Here a transaction keeps the items that it names, a query walks through its own
partition, and values are taken as they are. What comes back and what is left behind is the same.
"""

import base64
import copy
from collections.abc import Callable
from threading import Lock
from typing import Any
from unittest.mock import patch

from moto.core.config import default_user_config
from moto.core.model import StructureShape
from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DDBType, DynamoType, Item
from moto.dynamodb.models.table import StreamShard, Table
from moto.dynamodb.models.utilities import bytesize

_transact = DynamoDBBackend.transact_write_items
_query = Table.query
_cast_value: Any = DynamoType.cast_value
_add = StreamShard.add
_ADDING = Lock()
_serialize = BaseJSONSerializer._serialize_type_structure  # noqa: SLF001 - there is no other way in


def lighten() -> None:
    """Changes moto for as long as this process lasts."""
    # One session of boto3: a new one for every test would read the models of its services anew.
    default_user_config["core"]["reset_boto3_session"] = False
    for changed, name, way in (
        (Table, "__deepcopy__", lambda table, _: table),  # transactions are undone below
        (Table, "query", _query_of_partition),
        (Table, "all_items", _all_items),
        (Table, "sorted_items", _sorted_items),
        (DynamoType, "cast_value", property(_comparable)),
        (DynamoType, "size", _size),
        (DynamoType, "__deepcopy__", _copied),
        (DynamoType, "to_regular_json", _plain),
        (BaseJSONSerializer, "_serialize_type_structure", _serialize_structure),
        (DynamoDBBackend, "transact_write_items", _transact_or_undo),
        (StreamShard, "add", _add_in_turn),
    ):
        patch.object(changed, name, way, create=True).start()


def _add_in_turn(shard: StreamShard, old: Item | None, new: Item | None) -> None:
    """Writers side by side would give two records one number, and whoever reads on behind it would get one for ever."""
    with _ADDING:
        _add(shard, old, new)


def _transact_or_undo(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
    undo = [
        _way_back(backend.tables[action["TableName"]], action)
        for entry in transact_items
        for action in entry.values()
        if action.get("TableName") in backend.tables
    ]
    try:
        _transact(backend, transact_items)
    except Exception:
        for step in undo:
            step()
        raise


def _way_back(table: Table, action: dict[str, Any]) -> Callable[[], None]:
    """What puts the item of an action back as it is now, and ends the stream where it ends now."""
    source = action.get("Key") or action.get("Item") or {}
    names = [name for name in (table.hash_key_attr, table.range_key_attr) if name]
    if not source.keys() >= set(names):
        return lambda: None  # refused by moto before it writes
    *partition, place = [DynamoType(source[name]) for name in names]
    holder: Any = table.items[partition[0]] if partition else table.items
    before = copy.deepcopy(holder.get(place))
    stream = table.stream_shard.items if table.stream_shard else []
    length = len(stream)

    def undo() -> None:
        del stream[length:]
        if before is None:
            holder.pop(place, None)
        else:
            holder[place] = before

    return undo


def _query_of_partition(table: Table, hash_key: DynamoType | None, *arguments: Any, **named: Any) -> Any:
    partition = dict(named.get("hash_key_conditions") or ()).get(table.hash_key_attr)
    if partition is None:  # the index has partitions of its own
        return _query(table, hash_key, *arguments, **named)
    part: Any = object.__new__(type(table))  # unlike a copy, which moto would keep a list of
    items = {partition: table.items[partition]} if partition in table.items else {}
    vars(part).update(vars(table), items=items)
    return _query(part, hash_key, *arguments, **named)


def _all_items(table: Table) -> list[Item]:
    """In the order of their keys, of which each is read once."""
    if not table.range_key_attr:
        items: list[Any] = list(table.items.values())
        return sorted(items, key=lambda item: item.hash_key.cast_value)
    items = [item for partition in table.items.values() for item in partition.values()]
    return sorted(items, key=lambda item: (item.hash_key.cast_value, item.range_key.cast_value))


def _sorted_items(
    table: Table, hash_key_attrs: list[str], range_key_attrs: list[str | None], items: list[Item]
) -> list[Item]:
    names = table._generate_attr_to_sort_by(hash_key_attrs, range_key_attrs)  # noqa: SLF001 - a method of its own
    items.sort(key=lambda item: tuple(item.attrs[name].cast_value for name in names))
    return items


def _comparable(value: DynamoType) -> Any:
    return value.value if value.type == DDBType.STRING else _cast_value.fget(value)


def _size(value: DynamoType) -> int:
    held: Any = value.value
    match value.type:
        case DDBType.MAP:
            return sum(bytesize(name) + member.size() for name, member in held.items())
        case DDBType.LIST:
            return sum(member.size() for member in held)
        case DDBType.NUMBER_SET:
            return sum(len(str(member)) for member in held)
        case DDBType.STRING_SET | DDBType.BINARY_SET:
            return sum(bytesize(member) for member in held)
        case DDBType.NUMBER:
            return len(str(held))
    return 1 if isinstance(held, bool) else bytesize(held)


def _copied(value: DynamoType, memo: dict[int, Any]) -> DynamoType:
    """As moto does, without asking the copy module about every member."""
    made = DynamoType.__new__(DynamoType)
    made.type = value.type
    match value.type:
        case DDBType.LIST:
            made.value = [_copied(member, memo) for member in value.value]
        case DDBType.MAP:
            made.value = {name: _copied(member, memo) for name, member in value.value.items()}
        case _ if value.is_set():
            made.value = list(value.value)
        case _:
            made.value = value.value
    return made


def _plain(value: DynamoType) -> dict[str, Any]:
    held: Any = value.value
    match value.type:
        case DDBType.LIST:
            held = [_plain(member) for member in held]
        case DDBType.MAP:
            held = {name: _plain(member) for name, member in held.items()}
        case DDBType.BINARY if isinstance(held, str):
            held = base64.b64decode(held)
        case _ if value.is_set():
            held = list(held)
    return {value.type: held}


def _serialize_structure(
    serializer: BaseJSONSerializer, serialized: dict[str, Any], value: Any, shape: StructureShape, key: str
) -> None:
    if shape.name == "AttributeValue" and isinstance(value, dict):
        serialized[key] = _as_sent(value)
    else:
        _serialize(serializer, serialized, value, shape, key)


def _as_sent(attribute: dict[str, Any]) -> dict[str, Any]:
    """An attribute value in JSON, in which bytes are base64."""
    [(kind, held)] = attribute.items()
    match kind:
        case DDBType.LIST:
            return {kind: [_as_sent(member) for member in held]}
        case DDBType.MAP:
            return {kind: {name: _as_sent(member) for name, member in held.items()}}
        case DDBType.BINARY:
            return {kind: _base64(held)}
        case DDBType.BINARY_SET:
            return {kind: [_base64(member) for member in held]}
    return attribute


def _base64(held: str | bytes) -> str:
    return base64.b64encode(held.encode() if isinstance(held, str) else held).decode()

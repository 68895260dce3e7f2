"""DynamoDB and its streams in plain dicts: what campaigns run on, some fifteen times as fast as moto.

`plain_tables()` answers every call of a DynamoDB client in its block, whoever made the client; hooks on the client's
events fire as ever. It knows what this service uses, and refuses the rest. `tests/unit/support/test_plain_tables.py`
holds it against moto.
"""

from tests.support.plain_tables.calls import plain_tables

__all__ = ["plain_tables"]

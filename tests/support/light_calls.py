"""Takes from a call of botocore to moto what is the same in every call, so that a test costs what it asks for.

For every call moto lists the methods of the class that answers, spells the name of the operation letter by letter, and
looks for the service behind an address among all those of AWS; botocore signs it, and nobody looks at the signature.
Every update copies its expression, and asks each step that looks at a part of it what sorts of parts it is for. Here
what was found out is kept, nothing is signed, and an expression is copied without asking the copy module for each part.
"""

from collections.abc import Callable
from functools import cache
from typing import Any
from unittest.mock import patch

from botocore.auth import SigV4Auth
from moto import backend_index
from moto.core import responses
from moto.core.models import botocore_stubber
from moto.core.utils import camelcase_to_underscores, method_names_from_class
from moto.dynamodb.parsing import ast_nodes

ASKED = ("dynamodb", "dynamodbstreams", "secretsmanager", "sqs")
"""The services that tests call: they are found first, by addresses that no other has."""

_sign: Any = SigV4Auth.add_auth
_NODES: Any = ast_nodes
_nodes_to_be_processed: Callable[[Any], tuple[type, ...]] = _NODES.DepthFirstTraverser.nodes_to_be_processed


def lighten_calls() -> None:
    """Changes moto and botocore for as long as this process lasts."""
    backend_index.backend_url_patterns.sort(key=lambda known: known[0] not in ASKED)
    for changed, name, way in (
        (responses, "method_names_from_class", cache(method_names_from_class)),
        (responses, "camelcase_to_underscores", cache(camelcase_to_underscores)),
        (SigV4Auth, "add_auth", _unsigned),
        (_NODES.DepthFirstTraverser, "nodes_to_be_processed", _sorts),
        (_NODES.Node, "__deepcopy__", _copied),
    ):
        patch.object(changed, name, way, create=True).start()


def _unsigned(signer: Any, request: Any) -> None:
    """Names what moto reads in a signature: whose it is, and for which region. What others are to answer is signed."""
    if not botocore_stubber.enabled:
        _sign(signer, request)
        return
    scope = f"{signer.credentials.access_key}/20261124/{signer._region_name}/{signer._service_name}"  # noqa: SLF001 - as botocore's own signers read it
    request.headers["Authorization"] = f"AWS4-HMAC-SHA256 Credential={scope}/aws4_request, Signature=none"


_SORTS: dict[type, tuple[type, ...]] = {}


def _sorts(step: Any) -> tuple[type, ...]:
    """Which parts of an expression a step is for: the same for all steps of its class."""
    found = _SORTS.get(type(step))
    if found is None:
        found = _SORTS[type(step)] = _nodes_to_be_processed(step)
    return found


def _copied(node: Any, memo: dict[int, Any]) -> Any:
    """A part of an expression with all that is below it."""
    made: Any = object.__new__(type(node))
    vars(made).update(vars(node))
    made.children = [_below(child, made, memo) for child in node.children] if node.children is not None else None
    return made


def _below(child: Any, parent: Any, memo: dict[int, Any]) -> Any:
    if not isinstance(child, _NODES.Node):
        return child
    made = _copied(child, memo)
    made.parent = parent
    return made

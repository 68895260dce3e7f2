import subprocess
import sys
from typing import get_type_hints, is_typeddict

import pytest

from shared.api.operations import OPERATIONS, Operation
from shared.api.parameters import PARAMETERS
from shared.http.tokens import SCOPES
from shared.storage.journal import KEPT_FOR
from tools.openapi.operations import DOCUMENTS

every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)


def test_an_id_and_a_route_stand_once() -> None:
    routes = [route for operation in OPERATIONS for route in operation.routes]
    assert len(routes) == len(set(routes))
    assert len(OPERATIONS) == len({operation.id for operation in OPERATIONS})


def test_it_is_said_for_how_long_changes_are_listed() -> None:
    [operation] = [each for each in OPERATIONS if each.id == "listChanges"]
    assert f"for {KEPT_FOR.days} days" in operation.description


@every_operation
def test_what_an_operation_names_is_there(operation: Operation) -> None:
    assert set(operation.parameters) <= PARAMETERS.keys()
    for success in operation.responses.values():
        assert all(f"{name}Document" in DOCUMENTS for name in success.document)
    assert operation.scope is None or operation.scope in SCOPES


@every_operation
def test_the_parameters_in_the_path_are_those_of_the_operation(operation: Operation) -> None:
    in_path = {PARAMETERS[name].name for name in operation.parameters if PARAMETERS[name].place == "path"}
    assert in_path == {part[1:-1] for part in operation.path.split("/") if part.startswith("{")}


def test_every_parameter_is_taken_somewhere() -> None:
    taken = {name for operation in OPERATIONS for name in operation.parameters}
    tags = {"IfNoneMatch"}  # taken wherever there are entity tags
    assert taken | tags == PARAMETERS.keys()


def test_every_document_is_responded_with() -> None:
    """Directly or as a part of another."""
    schemas = {name for name in DOCUMENTS if name.endswith("Document") and not name.startswith("_")}
    declared = {name for name in schemas if is_typeddict(DOCUMENTS[name])}
    texts = " ".join(str(get_type_hints(DOCUMENTS[name], include_extras=True)) for name in declared)
    named = {f"{name}Document" for operation in OPERATIONS for s in operation.responses.values() for name in s.document}
    assert {name for name in declared - named if f".{name}" not in texts} == set()


@pytest.mark.parametrize("function", ["ingest", "query", "erase"])
def test_no_cold_start_pays_for_the_description_of_documents(function: str) -> None:
    statement = (
        f"import sys, functions.{function}.handler; "
        "unread = ('documents', 'fields', 'parameters', 'constraints'); "
        "print([name for name in sys.modules if name.startswith('shared.api.') and name.endswith(unread)])"
    )
    loaded = subprocess.run([sys.executable, "-c", statement], capture_output=True, text=True, check=True)  # noqa: S603 - arguments of our own
    assert loaded.stdout.strip() == "[]"

from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

from shared.storage.deadline import OutOfTimeError
from shared.storage.dynamodb import UnprocessedKeysError
from shared.storage.outages import is_of_the_request, is_outage


def refused(code: str, status: int = 400, **members: Any) -> ClientError:
    response: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}, **members}
    return ClientError(response, "PutItem")


def canceled(*codes: str) -> ClientError:
    return refused("TransactionCanceledException", CancellationReasons=[{"Code": code} for code in codes])


@pytest.mark.parametrize(
    "error",
    [
        refused("ProvisionedThroughputExceededException"),
        refused("ThrottlingException"),
        refused("RequestLimitExceeded"),
        refused("TransactionConflictException"),
        refused("InternalServerError", 500),
        refused("InternalServiceError", 500),
        refused("503", 503),
        refused("", 429),
        canceled("None", "TransactionConflict"),
        canceled("ThrottlingError", "None", "ProvisionedThroughputExceeded"),
        EndpointConnectionError(endpoint_url=""),
        ConnectTimeoutError(endpoint_url=""),
        ConnectionClosedError(endpoint_url=""),
        ReadTimeoutError(endpoint_url=""),
        ResponseParserError("no JSON"),
        UnprocessedKeysError("3 keys"),
        OutOfTimeError(),
    ],
    ids=str,
)
def test_what_passes_is_an_outage(error: Exception) -> None:
    assert is_outage(error)


@pytest.mark.parametrize(
    "error",
    [
        refused("AccessDeniedException"),
        refused("ValidationException"),
        refused("ResourceNotFoundException"),
        refused("ConditionalCheckFailedException"),
        canceled("None", "ConditionalCheckFailed"),
        canceled("ThrottlingError", "ValidationError"),
        canceled("None"),
        NoCredentialsError(),
        ParamValidationError(report=""),
        ValueError("no JSON"),
    ],
    ids=str,
)
def test_what_no_waiting_mends_is_none(error: Exception) -> None:
    assert not is_outage(error)


@pytest.mark.parametrize(
    "error",
    [
        refused("ValidationException"),
        canceled("None", "ValidationError"),
        refused("InvalidMessageContents"),
        KeyError("owner"),
    ],
    ids=str,
)
def test_what_is_refused_for_what_stands_in_it_is_of_the_request(error: Exception) -> None:
    assert is_of_the_request(error)


@pytest.mark.parametrize(
    "error",
    [
        refused("AccessDeniedException"),
        refused("ResourceNotFoundException"),
        refused("ThrottlingException"),
        refused("InternalServerError", 500),
        canceled("None", "TransactionConflict"),
        EndpointConnectionError(endpoint_url=""),
        NoCredentialsError(),
        OutOfTimeError(),
    ],
    ids=str,
)
def test_what_is_refused_to_everybody_is_of_no_request(error: Exception) -> None:
    assert not is_of_the_request(error)


def test_what_the_sdk_refuses_to_send_is_of_the_request() -> None:
    assert is_of_the_request(ParamValidationError(report=""))

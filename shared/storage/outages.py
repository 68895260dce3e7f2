"""Which trouble with AWS passes, and which is of one request, for those who must not import its SDK."""

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    IncompleteReadError,
    ParamValidationError,
)
from botocore.exceptions import ConnectionError as NoConnectionError
from botocore.parsers import ResponseParserError

from shared.storage.deadline import OutOfTimeError
from shared.storage.dynamodb import UnprocessedKeysError

_UNHEARD = (NoConnectionError, HTTPClientError, IncompleteReadError, ResponseParserError)
"""No connection, no response in time, or one that is none, as a proxy in trouble sends it."""

_BUSY = frozenset(
    {
        "OverLimit",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
"""Codes with which AWS refuses what it would take at another time. Failures of its own have a status from 500 up."""

_PASSING = frozenset({"ProvisionedThroughputExceeded", "ThrottlingError", "TransactionConflict"})
"""Reasons for which a transaction is cancelled that would be taken at another time.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
"""

_NOT_TAKEN = frozenset(
    {
        "InvalidMessageContents",
        "InvalidParameterValue",
        "ItemCollectionSizeLimitExceededException",
        "SerializationException",
        "TransactionCanceledException",
        "ValidationException",
    }
)
"""Codes with which AWS refuses a request for what stands in it. A missing right, table or key is refused to all."""

_FAILED = 500
_TOO_MANY = 429


def is_outage(error: Exception) -> bool:
    """Whether somebody else is down or too busy, so that the same request may succeed in a while.

    What is our own fault, as a missing right or table, is no outage.
    """
    if isinstance(error, (UnprocessedKeysError, OutOfTimeError, *_UNHEARD)):
        return True
    return isinstance(error, ClientError) and _passes(error)


def is_of_the_request(error: Exception) -> bool:
    """Whether it may be of this one request that it failed, so that another one may succeed at once.

    So is an error of ours, as long as nobody knows better.
    """
    if is_outage(error):
        return False
    if isinstance(error, ClientError):
        return error.response.get("Error", {}).get("Code") in _NOT_TAKEN
    return isinstance(error, ParamValidationError) or not isinstance(error, BotoCoreError)


def _passes(error: ClientError) -> bool:
    code = error.response.get("Error", {}).get("Code", "")
    if code == "TransactionCanceledException":
        reasons = {reason.get("Code", "None") for reason in error.response.get("CancellationReasons", [])}
        return bool(reasons & _PASSING) and reasons <= _PASSING | {"None"}
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return code in _BUSY or status == _TOO_MANY or status >= _FAILED

"""What a function logs: its own lines at the level that is set, each with its version and the request it is about."""

import hmac
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger

from shared.version import VERSION

if TYPE_CHECKING:
    from shared.http.tokens import Token

_OF_A_REQUEST = ("request_id", "method", "route", "token_id", "subject")
"""What every line of a request says, as far as it is known."""

_SUBJECT_DIGITS = 16


def own_logger() -> Logger:
    """The logger of a function, at the level that the template sets; called once, where the function is wired.

    Libraries stay at WARNING whatever that level is: at DEBUG the AWS SDK writes whole requests and responses, and so
    keys, comments and tokens. Lambda's runtime gives the root logger the level of the function before it imports the
    handler (`awslambdaric.bootstrap`), which is what they would follow.
    """
    logging.getLogger().setLevel(logging.WARNING)
    return Logger(version=VERSION)


@contextmanager
def one_request(logger: Logger, request_id: str | None, method: str) -> Iterator[None]:
    """Every line that is logged meanwhile says which request it is about, and none behind it does."""
    logger.append_keys(request_id=request_id, method=method)
    try:
        yield
    finally:
        logger.remove_keys(_OF_A_REQUEST)


def token_tracer(logger: Logger) -> Callable[["Token", Sequence[str]], None]:
    """Has every further line of a request say whose token it came with: by its id, and under a pseudonym.

    The token's name is left out, and so is its subject: that may be an e-mail address.
    """

    def trace(token: "Token", keys: Sequence[str]) -> None:
        logger.append_keys(token_id=token.id, subject=pseudonym(token.subject, keys[0]))

    return trace


def pseudonym(subject: str, key: str) -> str:
    """Tells one subject of tokens from another and nothing more, as long as the key that signs them stays."""
    return hmac.digest(key.encode(), b"subject\0" + subject.encode(errors="replace"), "sha256").hex()[:_SUBJECT_DIGITS]

"""What a function logs: its own lines at the level that is set, and of everything else warnings only."""

import logging

from aws_lambda_powertools import Logger


def own_logger() -> Logger:
    """The logger of a function, at the level that the template sets; called once, where the function is wired.

    Libraries stay at WARNING whatever that level is: at DEBUG the AWS SDK writes whole requests and responses, and so
    keys, comments and tokens. Lambda's runtime gives the root logger the level of the function before it imports the
    handler (`awslambdaric.bootstrap`), which is what they would follow.
    """
    logging.getLogger().setLevel(logging.WARNING)
    return Logger()

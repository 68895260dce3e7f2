"""Jobs that a function of a stack does for whoever runs a command."""

import json
from collections.abc import Mapping
from typing import Any

from botocore.config import Config

from tools.errors import ToolError
from tools.target import Target

LONGEST = 330
"""Seconds that a job is waited for: no function may take more than 300."""


def done(target: Target, function: str, job: Mapping[str, Any]) -> Any:
    """What a function says of a job, once it is done; the function by the output that names it.

    Raises ToolError when it was refused. It is asked once: what it does may cost something.
    """
    calls = target.session.client(
        "lambda",
        endpoint_url=target.endpoint_url,
        config=Config(read_timeout=LONGEST, retries={"total_max_attempts": 1}),
    )
    answer = calls.invoke(FunctionName=target.output(function), Payload=json.dumps(job).encode())
    response = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        what = job["job"].replace("_", " ")
        raise ToolError(f"The job '{what}' was refused: {response.get('errorType')}. The function's log says why.")
    return response

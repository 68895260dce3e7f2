import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import botocore
import pytest

from tools.packaging.sdk import SERVICES, called_names, only_called, trim_sdk

INSTALLED = Path(botocore.__file__).parent
CALLS = """
import json, sys
import botocore.session
from botocore.awsrequest import AWSResponse

def client(service, **body):
    class Raw:
        def stream(self):
            yield json.dumps(body).encode()
    made = botocore.session.get_session().create_client(service, region_name="eu-west-1")
    made.meta.events.register("before-send", lambda request, **_: AWSResponse(request.url, 200, {}, Raw()))
    return made

dynamodb = client("dynamodb", Item={"client_id": {"S": "acme"}}, Items=[{"fact_id": {"S": "f"}}], Count=1)
pages = dynamodb.get_paginator("scan").paginate(TableName="t")
print(json.dumps([
    dynamodb.get_item(TableName="t", Key={"client_id": {"S": "acme"}})["Item"],
    [page["Items"] for page in pages],
    client("secretsmanager", SecretString="{}").get_secret_value(SecretId="s")["SecretString"],
    client("sqs", MessageId="m", MD5OfMessageBody="5d41402abc4b2a76b9719d911017c592").send_message(
        QueueUrl="https://sqs.eu-west-1.amazonaws.com/1/q", MessageBody="hello")["MessageId"],
    sorted(name for name in dir(dynamodb) if name.endswith(("_item", "_table"))),
    str(dynamodb.get_item.__doc__),
    "html.parser" in sys.modules,
]))
"""
"""Real calls but for the wire: descriptions, endpoints, signatures, parsers."""


@pytest.fixture(scope="module")
def trimmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    unused = [path.name for path in (INSTALLED / "data").iterdir() if path.is_dir() and path.name not in SERVICES]
    shutil.copytree(INSTALLED, folder / "botocore", ignore=shutil.ignore_patterns("__pycache__", *unused))
    trim_sdk(folder / "botocore", {"get_item", "scan", "get_secret_value", "send_message"})
    return folder


def test_what_is_called_works_as_before_and_the_rest_is_gone(trimmed: Path) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    done = subprocess.run(  # noqa: S603 - this interpreter, with a script of ours
        [sys.executable, "-c", CALLS],
        env=keys | {"PYTHONPATH": str(trimmed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert json.loads(done.stdout) == [
        {"client_id": {"S": "acme"}},
        [[{"fact_id": {"S": "f"}}]],
        "{}",
        "m",
        ["get_item"],
        "",
        False,
    ]


def test_boto3_finds_what_it_takes_from_it(trimmed: Path) -> None:
    script = "import boto3, botocore.docs; print(botocore.docs.__file__, botocore.docs.ServiceDocumenter.__name__)"
    done = subprocess.run(  # noqa: S603 - this interpreter, with a script of ours
        [sys.executable, "-c", script], env={"PYTHONPATH": str(trimmed)}, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(trimmed / "botocore" / "docs" / "__init__.py"), "ServiceDocumenter"]


def test_descriptions_are_read_as_they_lie(trimmed: Path) -> None:
    assert list(trimmed.rglob("*.json.gz")) == []


def test_names_are_found_where_they_are_called_handed_on_or_paged_through(tmp_path: Path) -> None:
    text = 'client.put_item(x)\nretried(client.get_item)\nclient.get_paginator("scan")\nname = "query"\n'
    (tmp_path / "module.py").write_text(text)
    assert called_names(tmp_path) == {"put_item", "get_item", "get_paginator", "scan"}


def test_a_shape_stays_as_long_as_an_operation_needs_it() -> None:
    shapes: dict[str, Any] = {
        "In": {"type": "structure", "members": {"Keys": {"shape": "Keys"}}},
        "Keys": {"type": "list", "member": {"shape": "Key"}},
        "Key": {"type": "structure", "members": {"again": {"shape": "Keys"}}},
        "Other": {"type": "string"},
    }
    operations = {"GetItem": {"input": {"shape": "In"}}, "ListTables": {"input": {"shape": "Other"}}}
    kept = only_called({"metadata": {}, "operations": operations, "shapes": shapes}, {"get_item"})
    assert kept == {
        "metadata": {},
        "operations": {"GetItem": operations["GetItem"]},
        "shapes": {name: shapes[name] for name in ("In", "Keys", "Key")},
    }

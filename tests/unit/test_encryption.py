"""By which keys what is stored is encrypted, and that the usual stack pays for none."""

import pytest

from tests.support.template import document, environment, holds, properties, resolved

KEY = {"KmsKeyArn": "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"}
OWN = {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY["KmsKeyArn"]}


def of_type(kind: str) -> list[str]:
    return [name for name, resource in document()["Resources"].items() if resource["Type"] == kind]


@pytest.mark.parametrize("table", of_type("AWS::DynamoDB::Table"))
def test_a_table_says_nothing_of_encryption_unless_a_key_of_ones_own_is_given(table: str) -> None:
    assert "SSESpecification" not in resolved(properties(table))
    assert resolved(properties(table), KEY)["SSESpecification"] == OWN


@pytest.mark.parametrize("secret", of_type("AWS::SecretsManager::Secret"))
def test_a_secret_says_nothing_of_encryption_unless_a_key_of_ones_own_is_given(secret: str) -> None:
    assert "KmsKeyId" not in resolved(properties(secret))
    assert resolved(properties(secret), KEY)["KmsKeyId"] == KEY["KmsKeyArn"]


@pytest.mark.parametrize("role", [name for name in of_type("AWS::IAM::Role") if name != "NightlyRole"])
def test_with_a_key_of_ones_own_every_function_may_use_it_through_tables_and_secrets_only(role: str) -> None:
    """In its role, and in no policy besides: what follows a stream is made after the role, and must be able to read."""
    [declared] = [policy for policy in properties(role)["Policies"] if "Fn::If" in policy]

    assert (holds("OwnKey"), holds("OwnKey", KEY)) == (False, True)
    assert resolved(declared) is None
    [statement] = resolved(declared, KEY)["PolicyDocument"]["Statement"]
    assert statement["Resource"] == KEY["KmsKeyArn"]
    assert statement["Condition"]["StringEquals"]["kms:ViaService"] == [
        "dynamodb.eu-west-1.amazonaws.com",
        "secretsmanager.eu-west-1.amazonaws.com",
    ]


def test_no_function_makes_grants_on_a_key_of_ones_own() -> None:
    assert "kms:CreateGrant" not in str(document()["Resources"])


def test_parked_items_are_kept_for_30_days_unless_said_otherwise() -> None:
    assert environment("IngestFunction")["PARKED_DAYS"] == "30"
    assert environment("IngestFunction", ParkedDays="7")["PARKED_DAYS"] == "7"

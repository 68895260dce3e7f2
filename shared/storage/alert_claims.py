"""Which alert of a client a destination got last: one in a day, and the same one as often as it is asked about."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared.storage.dynamodb import to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ABOUT = "alerted#"


class AlertClaims:
    """One alert of a client for a destination at a time."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def claim(self, client_id: str, destination: str, delivery_id: str, now: datetime, lasting: timedelta) -> bool:
        """Whether this delivery may be an alert: none was within `lasting`, or it was this one. Safe to repeat."""
        until = int((now + lasting).timestamp())
        try:
            self._client.put_item(
                TableName=self._table,
                Item=_key(client_id, destination)
                | to_item({"delivery": delivery_id, "until": until, "expires_at": until}),
                # TTL removes items late: what counts is the time in them. One that was given back is not taken again by
                # the delivery that had it.
                ConditionExpression="attribute_not_exists(about) OR (#until <= :now AND delivery <> :delivery)",
                ExpressionAttributeNames={"#until": "until"},
                ExpressionAttributeValues=to_item({":now": int(now.timestamp()), ":delivery": delivery_id}),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            held = self._client.get_item(
                TableName=self._table,
                Key=_key(client_id, destination),
                ConsistentRead=True,
            )
            return bool(held.get("Item", {}).get("delivery") == {"S": delivery_id})
        return True

    def give_back(self, client_id: str, destination: str, delivery_id: str, now: datetime) -> None:
        """Lets another alert go out, as this delivery told nothing. Safe to repeat; what another one holds stays."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key=_key(client_id, destination),
                UpdateExpression="SET #until = :now",
                ConditionExpression="delivery = :delivery",
                ExpressionAttributeNames={"#until": "until"},
                ExpressionAttributeValues=to_item({":now": int(now.timestamp()), ":delivery": delivery_id}),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return


def _key(client_id: str, destination: str) -> dict[str, Any]:
    return to_item({"about": ABOUT + client_id, "entry": destination})

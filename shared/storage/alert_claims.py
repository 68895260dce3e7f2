"""Which alert of a client a destination got last: one in a day, and the same one as often as it is asked about."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

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
                Item=to_item(
                    {
                        "about": ABOUT + client_id,
                        "entry": destination,
                        "delivery": delivery_id,
                        "until": until,
                        "expires_at": until,
                    }
                ),
                # TTL removes items late: what counts is the time in them.
                ConditionExpression="attribute_not_exists(about) OR #until <= :now",
                ExpressionAttributeNames={"#until": "until"},
                ExpressionAttributeValues=to_item({":now": int(now.timestamp())}),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            held = self._client.get_item(
                TableName=self._table,
                Key=to_item({"about": ABOUT + client_id, "entry": destination}),
                ConsistentRead=True,
            )
            return bool(held.get("Item", {}).get("delivery") == {"S": delivery_id})
        return True

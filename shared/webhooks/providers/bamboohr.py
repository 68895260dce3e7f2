"""BambooHR: one save may come as two events, created and updated."""

from shared.webhooks.notification_only import notification_only
from shared.webhooks.signing import Scheme

PROVIDER = notification_only(
    "bamboohr",
    Scheme("x-bamboohr-signature", message="{body}{timestamp}", timestamp_header="x-bamboohr-timestamp"),
)

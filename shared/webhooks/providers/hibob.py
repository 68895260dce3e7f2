"""HiBob: nothing tells of what is deleted."""

from shared.webhooks.notification_only import notification_only
from shared.webhooks.signing import Scheme

PROVIDER = notification_only("hibob", Scheme("bob-signature", "sha512", ("base64",)))

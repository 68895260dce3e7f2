"""Deel: what is signed begins with the method."""

from shared.webhooks.notification_only import notification_only
from shared.webhooks.signing import Scheme

PROVIDER = notification_only("deel", Scheme("x-deel-signature", message="POST{body}"))

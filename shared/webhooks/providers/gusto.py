"""Gusto: the secret is the verification token, which it sends once and wants to see typed back."""

from shared.webhooks.notification_only import notification_only
from shared.webhooks.signing import Scheme

PROVIDER = notification_only("gusto", Scheme("x-gusto-signature"))

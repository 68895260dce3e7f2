"""AFAS Profit: changes in quick succession come as one."""

from shared.webhooks.notification_only import notification_only
from shared.webhooks.signing import Scheme

PROVIDER = notification_only("afas", Scheme("x-profit-signature-256", prefix="sha256="))

"""Gusto: the secret is the verification token, which it sends once, unsigned, and wants to see typed back.

https://docs.gusto.com/embedded-payroll/docs/webhooks
"""

from typing import Any

from shared.webhooks.coercion import part
from shared.webhooks.notification_only import notification_only
from shared.webhooks.signing import Scheme


def is_token(payload: Any) -> bool:
    """Whether the token is handed over. Whoever knows the address can send one: nothing is believed of it.

    An operator types it into Gusto, which knows its own, before it is put into `secrets` and verifies anything.
    """
    token = part(payload, "verification_token")
    return isinstance(token, str) and bool(token)


PROVIDER = notification_only("gusto", Scheme("x-gusto-signature"), handed_over=is_token)

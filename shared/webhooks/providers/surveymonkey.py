"""SurveyMonkey: the secret is the API key and the API secret, with `&` between them."""

from shared.webhooks.notification_only import notification_only
from shared.webhooks.signing import Scheme


def fault_in_secret(secret: str) -> str | None:
    """Either alone signs nothing."""
    return None if "&" in secret.strip("&") else "must be the API key and the API secret with & between them"


PROVIDER = notification_only(
    "surveymonkey", Scheme("sm-signature", "sha1", ("base64",)), fault_in_secret=fault_in_secret
)

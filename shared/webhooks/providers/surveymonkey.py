"""SurveyMonkey: the secret is the API key and the API secret, with `&` between them."""

from shared.webhooks.notification_only import notification_only
from shared.webhooks.signing import Scheme

PROVIDER = notification_only("surveymonkey", Scheme("sm-signature", "sha1", ("base64",)))

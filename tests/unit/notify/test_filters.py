"""What the template hands on to the notify function is what that looks for."""

from shared.opmm.alerts import detracts
from tests.support.template import event_source_mapping


def test_a_response_is_handed_on_when_its_score_is_that_of_a_detractor() -> None:
    [pattern] = event_source_mapping("NotifyFunction", "DetractorsResponded").filters

    handed_on = pattern["dynamodb"]["NewImage"]["answer"]["M"]["score"]["N"]
    assert handed_on == [str(score) for score in range(11) if detracts(score, comment=True)]

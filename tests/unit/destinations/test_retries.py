from shared.destinations.retries import wait_after


def test_a_message_is_tried_ten_times_within_some_three_days() -> None:
    waits: list[int] = []
    while (wait := wait_after(len(waits) + 1)) is not None:
        waits.append(wait)
    assert waits == [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
    assert 72 < sum(waits) / 3600 < 80


def test_a_receiver_may_ask_for_more_time_and_not_for_less_or_for_ever() -> None:
    assert wait_after(1, 60) == 60
    assert wait_after(2, 60) == 300
    assert wait_after(1, 10**9) == 86400
    assert wait_after(10, 60) is None

"""Counting by key: at the limit a key waits, until its time is over."""

from pages.plain.limits import _MOST_KEYS, Limit


class Clock:
    at = 100.0

    def __call__(self) -> float:
        return self.at


def test_a_key_waits_at_its_limit_until_the_time_since_its_first_count_is_over() -> None:
    clock = Clock()
    limit = Limit(2, 60, clock)
    waits = []
    for _ in range(3):
        waits.append(limit.wait("here"))
        limit.count("here")
        clock.at += 10
    assert waits == [0, 0, 41]
    assert limit.wait("elsewhere") == 0
    clock.at = 160.0
    assert limit.wait("here") == 0
    limit.count("here")
    assert limit.wait("here") == 0


def test_memory_is_bounded_and_the_latest_keys_stay() -> None:
    clock = Clock()
    limit = Limit(1, 60, clock)
    for number in range(_MOST_KEYS + 1):
        limit.count(str(number))
    assert len(limit._counts) == _MOST_KEYS // 2
    assert limit.wait(str(_MOST_KEYS)) == 61
    clock.at += 61
    for number in range(_MOST_KEYS):
        limit.count(f"later {number}")
    assert len(limit._counts) <= _MOST_KEYS

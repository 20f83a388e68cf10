"""How many random cases a property is tried on: a few hundred, or all of them.

The few are the same each time, so that a change alone makes a test fail; with HALQA_LONG_TESTS
each run draws its own.
"""

import os

from hypothesis import HealthCheck, settings

LONG = bool(os.environ.get("HALQA_LONG_TESTS"))
_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)

settings.register_profile("short", derandomize=True, deadline=None)
settings.register_profile("long", deadline=None, suppress_health_check=_SLOW, print_blob=True)
settings.load_profile("long" if LONG else "short")


def cases(short: int, long: int = 10_000) -> settings:
    """The settings of a property that is tried on ``short`` cases, or on ``long`` ones."""
    return settings(max_examples=long if LONG else short)

"""Things of one name can be told apart in a select box, which knows its options by their labels."""

import pytest

from pages.components.choices import told_apart


@pytest.mark.parametrize(
    ("labels", "shown"),
    [
        (["Workshop", "Dinner"], ["Workshop", "Dinner"]),
        (["Workshop", "Workshop", "Workshop"], ["Workshop", "Workshop (2)", "Workshop (3)"]),
        (["A", "A (2)", "A"], ["A", "A (2)", "A (3)"]),
        (["A", "A", "A (2)"], ["A", "A (2)", "A (2) (2)"]),
        ([], []),
    ],
)
def test_what_is_named_alike_gets_a_number(labels: list[str], shown: list[str]) -> None:
    assert list(told_apart(dict(enumerate(labels))).values()) == shown

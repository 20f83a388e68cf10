"""A screen that fails shows a calm box with a number that the log knows."""

import logging

import pytest
from streamlit.testing.v1 import AppTest


def broken() -> None:
    from pages.plain import logs, scripts

    logs.begin_run()
    assert scripts.show_error(ValueError("alice@example.org is taken"))


def refused() -> None:
    from convening.problems import ConveningError
    from pages.plain import scripts

    assert scripts.show_error(ConveningError("passwords_differ"))


def test_an_unexpected_error_shows_its_number_and_nothing_of_its_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR, logger="halqa"):
        screen = AppTest.from_function(broken).run()
    assert [each.value for each in screen.error] == [
        "Something went wrong here, and nothing was saved."
    ]
    number = screen.text[0].value.removeprefix("If you report this, give the number ").strip(".")
    assert len(number) == 8
    assert [record.message for record in caplog.records] == ["a screen failed"]
    assert "alice" not in caplog.text


def test_a_problem_that_no_form_caught_is_worded() -> None:
    screen = AppTest.from_function(refused).run()
    assert [each.value for each in screen.error] == ["The two passwords are not the same\\."]
    assert not screen.text

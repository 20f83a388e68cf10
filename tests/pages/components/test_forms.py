"""Saving from a form: problems in words at their place, and nothing lost."""

import pytest
from streamlit.testing.v1 import AppTest

from convening.i18n import Translator
from convening.problems import NotFound, Problem
from convening.vocabulary import Language, Role
from db.queries import accounts
from pages.components import forms
from tests import builders
from tests.pages.site import Site


@pytest.fixture
def alice(site: Site) -> int:
    with site.writing() as session:
        user_id = builders.user(session, "Alice", Role.ORGANISER)
        actor = accounts.actor(session, user_id)
    site.sign_in(actor)
    return user_id


def _form() -> None:
    import streamlit as st

    from convening.problems import ConveningError, Invalid, Problem
    from db.tables.accounts import User
    from pages.components import forms, language

    def command(session, actor, name, how):  # type: ignore[no-untyped-def]
        session.get_one(User, actor.user_id).name = name
        session.flush()
        if how == "refused":
            raise Invalid(
                [
                    Problem("required", field="name"),
                    Problem("too_long", {"limit": 3, "length": 5}),
                    Problem("email_taken", field="*unknown*"),
                ]
            )
        if how == "broken":
            raise ConveningError("changed_meanwhile")
        return None if how == "silent" else 41

    t = language.translator()
    forms.greet()
    with st.form("form"):
        name = st.text_input("Name", key="name")
        how = st.text_input("How", key="how")
        sent = st.form_submit_button("Save")
    if sent:
        result = forms.submit(command, name, how, t=t)
        st.text(repr(result))
        if result is not None:
            forms.saved(t)


def sent(name: str, how: str) -> AppTest:
    app = AppTest.from_function(_form, default_timeout=30).run()
    app.text_input(key="name").set_value(name)
    app.text_input(key="how").set_value(how)
    app.button[0].click().run()
    assert not app.exception
    return app


def stored(site: Site, user_id: int) -> str:
    from db.tables.accounts import User

    with site.reading() as session:
        return session.get_one(User, user_id).name


def test_the_result_of_the_command_comes_back(site: Site, alice: int) -> None:
    app = sent("Alicia", "well")
    assert app.text[0].value == "41"
    assert stored(site, alice) == "Alicia"


def test_a_command_without_a_result_counts_as_done(site: Site, alice: int) -> None:
    assert sent("Alicia", "silent").text[0].value == "True"
    assert stored(site, alice) == "Alicia"


def test_all_problems_are_shown_nothing_is_written_and_the_fields_stay(
    site: Site, alice: int
) -> None:
    app = sent("Alicia", "refused")
    t = Translator(Language.ENGLISH)
    assert app.text[0].value == "None"
    shown = [each.value.replace("\\", "").replace("\u2060", "") for each in app.error]
    assert shown == [
        "Name: " + t("problem.required"),
        t("problem.too_long", limit=3, length=5),
        t("problem.email_taken"),
    ]
    assert stored(site, alice) == "Alice"
    assert app.text_input(key="name").value == "Alicia"


def test_what_was_saved_is_said_in_the_next_run_once(site: Site, alice: int) -> None:
    assert stored(site, alice) == "Alice"
    app = sent("Alicia", "well")
    assert [len(app.toast), len(app.run().toast), len(app.run().toast)] == [0, 1, 0]


def test_saying_the_same_twice_is_a_new_message(site: Site, alice: int) -> None:
    """The browser takes two equal messages in a row for one."""
    assert stored(site, alice) == "Alice"
    app = sent("Alicia", "well")
    first = app.run().toast[0].value
    app.button[0].click().run()
    second = app.run().toast[0].value
    assert first != second
    assert first.strip("\u2060")[:6] == second.strip("\u2060")[:6]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (Language.ENGLISH, "There is no such convening here."),
        (Language.ARABIC, "اللقاء"),
    ],
)
def test_what_was_not_found_has_its_name_in_the_language(language: Language, text: str) -> None:
    problem = NotFound("convening").problems[0]
    assert text in forms.wording(problem, Translator(language))


def test_a_problem_without_a_thing_is_worded_as_it_is() -> None:
    t = Translator(Language.ENGLISH)
    assert forms.wording(Problem("required"), t) == t("problem.required")

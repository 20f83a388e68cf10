"""What a tab remembers, and for whom."""

from streamlit.testing.v1 import AppTest


def tab() -> None:
    import streamlit as st

    from pages.components import state

    state.belongs_to(st.query_params.get("login"))  # type: ignore[arg-type]
    st.text_input("note", key="note")
    st.text(str(state.get("draft")))


def of(test: AppTest, login: str | None) -> list[str | None]:
    """The tab under this login: what it holds, and what stands in its field."""
    if login is None:
        test.query_params.pop("login", None)
    else:
        test.query_params["login"] = login
    test.run()
    assert not test.exception
    return [test.text[0].value, test.text_input(key="note").value]


def test_a_draft_stays_with_its_login_and_goes_with_it() -> None:
    test = AppTest.from_function(tab)
    assert of(test, "7") == ["None", ""]
    test.session_state["draft"] = "typed"
    test.text_input(key="note").input("secret")
    assert of(test, "7") == ["typed", "secret"]
    assert of(test, None) == ["None", ""]


def test_another_login_in_the_same_tab_finds_nothing() -> None:
    test = AppTest.from_function(tab)
    of(test, "7")
    test.session_state["draft"] = "typed"
    test.text_input(key="note").input("secret")
    of(test, "7")
    assert of(test, "8") == ["None", ""]

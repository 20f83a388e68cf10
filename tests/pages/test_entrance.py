"""The ways in: the first administrator's code, and single-use links."""

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from convening import passwords
from convening.accounts import AccountDraft, NewLink
from convening.vocabulary import Role
from db.commands import account as account_commands
from db.commands import setup, users
from db.queries import accounts
from db.queries import users as listing
from db.tables.accounts import InstallationValue, User
from db.tables.work import Initiative
from pages.components.markdown import escape
from tests.pages.screens import NEW, PASSWORD, Screens, component, errors, ran, texts


class TestSetup:
    def test_the_code_from_the_terminal_opens_the_installation(self, screens: Screens) -> None:
        code = screens.build(setup.ensure_code)
        app = component(_setup)
        _fill_setup(app, code or "")
        app.checkbox(key="setup_samples").set_value(True)
        ran(app.button[0].click().run())
        ada = screens.read(lambda s: s.exec(select(User)).one())
        assert (ada.name, ada.email, ada.language) == ("Ada", "ada@example.org", "en")
        assert screens.read(lambda s: len(s.exec(select(Initiative)).all())) == 2
        app = component(_sign_in_after_setup)
        assert app.success[0].value == "Your account is there. Sign in to begin."

    def test_without_the_tick_no_samples_are_loaded(self, screens: Screens) -> None:
        code = screens.build(setup.ensure_code)
        app = component(_setup)
        _fill_setup(app, code or "")
        app.checkbox(key="setup_samples").set_value(False)
        ran(app.button[0].click().run())
        assert screens.read(lambda s: len(s.exec(select(Initiative)).all())) == 0

    def test_wrong_codes_are_counted_until_the_right_one_is_refused(self, screens: Screens) -> None:
        code = screens.build(setup.ensure_code)
        app = component(_setup)
        for attempt in ["0000-0000-0000-0000"] * setup.MAX_FAILURES + [code or ""]:
            _fill_setup(app, attempt)
            ran(app.button[0].click().run())
            assert len(errors(app)) == 1
        assert screens.read(lambda s: s.exec(select(User)).all()) == []
        assert app.text_input(key="setup_name").value == "Ada"

    def test_a_code_that_was_not_typed_is_missing_and_not_wrong(self, screens: Screens) -> None:
        screens.build(setup.ensure_code)
        app = component(_setup)
        _fill_setup(app, " ")
        ran(app.button[0].click().run())
        assert errors(app) == [escape("One-time code: Please fill this in.")]
        kept = screens.read(lambda s: s.exec(select(InstallationValue)).one())
        assert kept.number == 0

    def test_two_different_passwords_make_no_account(self, screens: Screens) -> None:
        code = screens.build(setup.ensure_code)
        app = component(_setup)
        _fill_setup(app, code or "", again="another one entirely")
        ran(app.button[0].click().run())
        assert len(errors(app)) == 1
        assert screens.read(lambda s: s.exec(select(User)).all()) == []


class TestLink:
    def link(self, screens: Screens, ada: int) -> NewLink:
        draft = AccountDraft("Bob", "bob@example.org", frozenset({Role.MEMBER}))
        return screens.build(users.invite_user, screens.read(accounts.actor, ada), draft)

    def opened(self, token: str) -> AppTest:
        app = AppTest.from_function(_link, default_timeout=30)
        app.query_params["link"] = token
        return ran(app.run())

    def test_a_password_is_chosen_and_the_link_is_gone(self, screens: Screens, ada: int) -> None:
        link = self.link(screens, ada)
        app = self.opened(link.token)
        assert app.title[0].value == "Welcome\\, Bob"
        assert "You will sign in as bob@example.org." in texts(app)
        for key in ("link_password", "link_again"):
            app.text_input(key=key).set_value(PASSWORD)
        ran(app.button[0].click().run())
        assert "link" not in app.query_params
        user = screens.read(lambda s: s.get_one(User, link.user_id))
        assert passwords.check(PASSWORD, user.password_hash or "")
        assert self.opened(link.token).title[0].value == "This link no longer works"

    @pytest.mark.parametrize(("password", "again"), [("short", "short"), (PASSWORD, NEW)])
    def test_nothing_happens_when_something_is_wrong(
        self, screens: Screens, ada: int, password: str, again: str
    ) -> None:
        link = self.link(screens, ada)
        app = self.opened(link.token)
        app.text_input(key="link_password").set_value(password)
        app.text_input(key="link_again").set_value(again)
        ran(app.button[0].click().run())
        assert len(errors(app)) == 1
        assert screens.read(listing.open_link, link.token) is not None

    @pytest.mark.usefixtures("screens")
    def test_a_made_up_link_says_so_and_leads_to_sign_in(self) -> None:
        app = self.opened("made-up")
        assert app.title[0].value == "This link no longer works"
        ran(app.button(key="link_to_sign_in").click().run())
        assert "link" not in app.query_params

    def test_a_link_used_meanwhile_changes_nothing(self, screens: Screens, ada: int) -> None:
        link = self.link(screens, ada)
        app = self.opened(link.token)
        screens.build(account_commands.set_password_by_link, link.token, PASSWORD)
        app.text_input(key="link_password").set_value(NEW)
        app.text_input(key="link_again").set_value(NEW)
        ran(app.button[0].click().run())
        user = screens.read(lambda s: s.get_one(User, link.user_id))
        assert passwords.check(PASSWORD, user.password_hash or "")


def _fill_setup(app: AppTest, code: str, again: str = PASSWORD) -> None:
    values = {
        "code": code,
        "name": "Ada",
        "email": "ada@example.org",
        "password": PASSWORD,
        "again": again,
    }
    for field, value in values.items():
        app.text_input(key=f"setup_{field}").set_value(value)


def _setup() -> None:
    from db.queries import accounts
    from pages.components import language, setup, store

    with store.transaction.reading(store.engines()) as session:
        nobody = accounts.nobody(session)
    if nobody:
        setup.show(language.translator())


def _sign_in_after_setup() -> None:
    from pages.components import language, sign_in, state

    state.put(sign_in.NOTICE, "setup.done")
    sign_in.show(language.translator())


def _link() -> None:
    import streamlit as st

    from pages.components import language, links

    token = st.query_params.get("link")
    if token:
        links.show(language.translator(), token)

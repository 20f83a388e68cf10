"""Users and their own account: who they are here, their password, their browsers."""

import re

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from convening import passwords
from convening.vocabulary import Role
from db.commands import login
from db.tables.accounts import LoginSession, User
from tests import builders
from tests.pages.screens import NEW, PASSWORD, Screens, component, errors, ran, texts


class TestAccount:
    @pytest.mark.usefixtures("ada")
    def test_it_says_who_one_is_here(self, screens: Screens) -> None:
        app = screens.open("account")
        expected = "You sign in as ada@example.org. Roles: Administrator and Organiser."
        assert texts(app)[0] == expected

    def test_somebody_without_roles_is_told_so(self, screens: Screens) -> None:
        screens.enter(screens.build(builders.user, "Bob"))
        app = screens.open("account")
        assert texts(app)[0] == "You sign in as bob@example.org and have no role yet."

    def test_a_new_name_is_saved(self, screens: Screens, ada: int) -> None:
        app = screens.open("account")
        app.text_input(key="profile_name").set_value("Ada L.")
        ran(app.button[0].click().run())
        assert screens.read(lambda s: s.get_one(User, ada).name) == "Ada L."

    def test_an_empty_name_is_refused_and_stays_in_the_field(
        self, screens: Screens, ada: int
    ) -> None:
        app = screens.open("account")
        app.text_input(key="profile_name").set_value("  ")
        ran(app.button[0].click().run())
        assert errors(app)[0].startswith("Name\\: ")
        assert screens.read(lambda s: s.get_one(User, ada).name) == "Ada"

    def test_another_browser_is_signed_out(self, screens: Screens, ada: int) -> None:
        here = screens.login_session_id
        other = screens.enter(ada)
        screens.login_session_id = here
        app = screens.open("account")
        assert [each.key for each in app.button if (each.key or "").startswith("end_")] == [
            f"end_{other}"
        ]
        ran(app.button(key=f"end_{other}").click().run())
        assert screens.read(lambda s: s.get_one(LoginSession, other).ended_at) is not None
        assert len([line for line in texts(app) if "last active" in line]) == 1

    def test_all_others_are_signed_out_in_one_go(self, screens: Screens, ada: int) -> None:
        here = screens.login_session_id
        for _ in range(2):
            screens.enter(ada)
        screens.login_session_id = here
        app = screens.open("account")
        ran(app.button(key="end_others").click().run())
        alive = screens.read(
            lambda s: s.exec(
                select(LoginSession.id).where(LoginSession.ended_at == None)  # noqa: E711
            ).all()
        )
        assert alive == [here]


class TestPassword:
    def change(self, old: str, new: str, again: str) -> AppTest:
        app = component(_password)
        app.text_input(key="password_old").set_value(old)
        app.text_input(key="password_new").set_value(new)
        app.text_input(key="password_again").set_value(again)
        return ran(app.button[0].click().run())

    def stored(self, screens: Screens, user_id: int) -> str:
        found = screens.read(lambda s: s.get_one(User, user_id).password_hash)
        assert isinstance(found, str)
        return found

    def test_the_old_one_and_twice_the_new_one(self, screens: Screens, ada: int) -> None:
        self.change(PASSWORD, NEW, NEW)
        assert passwords.check(NEW, self.stored(screens, ada))

    @pytest.mark.parametrize(
        ("old", "new", "again", "told"),
        [
            (PASSWORD, NEW, "something else", 1),
            ("wrong", NEW, NEW, 1),
            (PASSWORD, "short", "short", 1),
            (PASSWORD, PASSWORD, PASSWORD, 1),
        ],
    )
    def test_it_stays_when_something_is_wrong(
        self, screens: Screens, ada: int, old: str, new: str, again: str, told: int
    ) -> None:
        app = self.change(old, new, again)
        assert len(errors(app)) == told
        assert passwords.check(PASSWORD, self.stored(screens, ada))

    def test_guesses_of_the_old_one_are_counted(self, screens: Screens, ada: int) -> None:
        for _ in range(login.FREE_FAILURES):
            self.change("wrong", NEW, NEW)
        app = self.change(PASSWORD, NEW, NEW)
        assert len(errors(app)) == 1
        assert passwords.check(PASSWORD, self.stored(screens, ada))


def _password() -> None:
    from pages.components import access, language, own_account

    own_account.new_password(access.require("account"), language.translator())


class TestCalendar:
    @pytest.fixture
    def alice(self, screens: Screens) -> int:
        """Alice, who organises and is on a team, is signed in."""
        found = screens.build(builders.people).alice.user_id
        screens.enter(found)
        return found

    @staticmethod
    def address(app: AppTest) -> str | None:
        return next((each.value for each in app.code), None)

    @pytest.mark.usefixtures("alice")
    def test_an_address_is_made_renewed_and_removed(self, screens: Screens) -> None:
        app = screens.open("account")
        assert self.address(app) is None
        app.button(key="calendar_make").click().run()
        first = self.address(ran(app))
        assert first is not None
        assert re.fullmatch(r"http://[^/]+/calendar/[\w-]{22}\.ics", first)
        confirmed(app, "calendar_renew")
        second = self.address(app)
        assert second is not None
        assert second != first
        confirmed(app, "calendar_remove")
        assert self.address(app) is None
        assert "No address has been made yet." in texts(app)

    @pytest.mark.usefixtures("ada")
    def test_who_may_see_no_convenings_is_offered_none(self, screens: Screens) -> None:
        screens.enter(screens.build(builders.user, "Mel", Role.MEMBER))
        keys = [each.key for each in screens.open("account").button]
        assert "calendar_make" not in keys


def confirmed(app: AppTest, key: str) -> None:
    """Presses a button that asks first, and says yes."""
    app.button(key=key).click().run()
    app.button(key=key).click()
    app.button(key="confirm_yes").click().run()
    ran(app)

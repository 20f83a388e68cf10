"""The screens about accounts, as those see them who may, and as nobody else does."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import pytest
from sqlmodel import Session, col, select
from streamlit.testing.v1 import AppTest

from convening import passwords
from convening.accounts import AccountDraft, NewLink
from convening.vocabulary import Language, Role
from db.commands import account as account_commands
from db.commands import login, setup, users
from db.queries import accounts
from db.queries import users as listing
from db.tables.accounts import AuditEvent, LoginSession, User
from db.tables.work import Initiative
from pages.components import identity
from tests import builders
from tests.pages.site import Site

T = TypeVar("T")
PASSWORD = "olive terrace at noon"
NEW = "seven boats leave early"
EVIL = "![x](https://evil.example/x.png) :smile: <b>$a$</b>"


class Screens(Site):
    """The site, looked at by whoever has this login session."""

    login_session_id: int | None = None

    def build(self, work: Callable[..., T], *args: Any) -> T:
        with self.writing() as session:
            return work(session, *args)

    def read(self, work: Callable[..., T], *args: Any) -> T:
        with self.reading() as session:
            return work(session, *args)

    def enter(self, user_id: int) -> int:
        """From now on the screens are this user's, in a browser that has just signed in."""
        self.login_session_id = self.build(_begin, user_id)
        return self.login_session_id

    def open(self, screen: str) -> AppTest:
        return self.run(screen)


@pytest.fixture
def screens(site: Site, monkeypatch: pytest.MonkeyPatch) -> Screens:
    assert site
    found = Screens(monkeypatch)
    monkeypatch.setattr(identity, "login_session_id", lambda: found.login_session_id)
    return found


def ran(app: AppTest) -> AppTest:
    """The same screen, once it is sure that no exception is shown on it."""
    assert [each.value for each in app.exception] == []
    return app


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", 4)


def able(session: Session, name: str, *roles: Role) -> int:
    user_id = builders.user(session, name, *roles)
    session.get_one(User, user_id).password_hash = passwords.hash(PASSWORD)
    return user_id


@pytest.fixture
def ada(screens: Screens) -> int:
    user_id = screens.build(able, "Ada", Role.ADMINISTRATOR, Role.ORGANISER)
    screens.enter(user_id)
    return user_id


def texts(app: AppTest) -> list[str]:
    return [each.value for each in app.text]


def errors(app: AppTest) -> list[str]:
    return [each.value for each in app.error]


def component(source: Callable[[], None]) -> AppTest:
    return ran(AppTest.from_function(source, default_timeout=30).run())


class TestPeopleAndAccess:
    def test_it_counts_the_accounts_and_shows_each(self, screens: Screens, ada: int) -> None:
        screens.build(builders.user, "Bob", Role.MEMBER, Role.LEADERSHIP)
        gone = screens.build(able, "Gone", Role.FACILITATOR)
        actor = screens.read(accounts.actor, ada)
        screens.build(users.deactivate_user, actor, gone)
        app = screens.open("people_and_access")
        assert app.title[0].value == "People and access"
        shown = texts(app)
        assert shown[0] == "3 accounts: 1 active, 1 invited, 1 deactivated."
        assert shown[1].startswith("ada@example.org · Administrator and Organiser · last seen ")
        assert shown[2:] == [
            "bob@example.org · Leadership and Member · never signed in",
            "gone@example.org · Facilitator · never signed in",
        ]

    @pytest.mark.parametrize(
        ("search", "state", "role", "found"),
        [
            ("", 0, 0, ["Ada", "أحمد"]),
            ("ADA@", 0, 0, ["Ada"]),
            ("احمد", 0, 0, ["أحمد"]),
            ("", 1, 0, ["أحمد"]),
            ("", 0, 5, ["أحمد"]),
            ("nobody", 0, 0, []),
        ],
    )
    @pytest.mark.usefixtures("ada")
    def test_filters(
        self, screens: Screens, search: str, state: int, role: int, found: list[str]
    ) -> None:
        screens.build(builders.user, "أحمد", Role.MEMBER)
        app = screens.open("people_and_access")
        app.text_input(key="accounts_find").set_value(search)
        app.selectbox(key="accounts_state").select_index(state)
        app.selectbox(key="accounts_role").select_index(role)
        ran(app.run())
        names = [each.value for each in app.markdown if each.value.startswith("**")]
        assert names == [f"**{name}**" for name in found]
        assert ("No account fits these filters." in texts(app)) is (not found)

    @pytest.mark.usefixtures("ada")
    def test_a_name_cannot_bring_markdown_to_life(self, screens: Screens) -> None:
        user_id = screens.build(builders.user, "Eve", Role.MEMBER)
        screens.build(lambda session: setattr(session.get_one(User, user_id), "name", EVIL))
        app = screens.open("people_and_access")
        shown = [each.value for each in app.markdown if "evil" in each.value]
        assert len(shown) == 1
        assert "](" not in shown[0].replace("\\]\\(", "")
        assert "<b>" not in shown[0]

    @pytest.mark.usefixtures("ada")
    def test_many_accounts_come_in_pages(self, screens: Screens) -> None:
        def many(session: Session) -> None:
            for number in range(60):
                builders.user(session, f"User {number:02}", Role.MEMBER)

        screens.build(many)
        app = screens.open("people_and_access")
        shown = [each.value for each in app.markdown if each.value.startswith("**User")]
        assert (len(shown), "Page 1 of 2" in texts(app)) == (49, True)
        ran(app.button(key="accounts_to_page_1").click().run())
        shown = [each.value for each in app.markdown if each.value.startswith("**User")]
        assert (shown[0], len(shown)) == ("**User 49**", 11)
        assert "Page 2 of 2" in texts(app)

    def test_an_invitation_gives_a_link_that_is_shown_once(
        self, screens: Screens, ada: int
    ) -> None:
        app = component(_invite)
        app.text_input(key="account_name_new").set_value("Bob")
        app.text_input(key="account_email_new").set_value("Bob@Example.org")
        app.button_group(key="account_roles_new").set_value([Role.MEMBER])
        ran(app.button[0].click().run())
        url = app.code[0].value
        token = url.partition("/?link=")[2]
        found = screens.read(listing.open_link, token)
        assert found is not None
        assert (found.name, found.email) == ("Bob", "bob@example.org")
        assert "Give this link to Bob, in person or by a way that you trust." in texts(app)
        ran(app.run())
        assert [each.value for each in app.code] == []
        assert screens.read(lambda s: s.exec(select(AuditEvent.actor_id)).all())[-1] == ada

    @pytest.mark.usefixtures("ada")
    def test_everything_wrong_with_an_invitation_is_told(self, screens: Screens) -> None:
        app = component(_invite)
        app.text_input(key="account_name_new").set_value("Bob")
        app.text_input(key="account_email_new").set_value("bob")
        ran(app.button[0].click().run())
        assert len(errors(app)) == 2
        assert errors(app)[0].startswith("E\\-mail\\: ")
        assert errors(app)[1].startswith("Roles\\: ")
        assert app.text_input(key="account_name_new").value == "Bob"
        assert screens.read(lambda s: len(s.exec(select(User)).all())) == 1

    @pytest.mark.usefixtures("ada")
    def test_the_link_stands_under_the_address_that_is_set(
        self, screens: Screens, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from convening import settings

        assert screens
        monkeypatch.setenv("HALQA_BASE_URL", "https://halqa.example")
        settings.current.cache_clear()
        app = component(_url)
        assert app.text[0].value == "https://halqa.example/?link=TOKEN"


class TestAudit:
    def test_newest_first_with_the_names_of_now(self, screens: Screens, ada: int) -> None:
        actor = screens.read(accounts.actor, ada)
        draft = AccountDraft("Bob", "bob@example.org", frozenset({Role.MEMBER}))
        bob = screens.build(users.invite_user, actor, draft).user_id
        screens.build(lambda session: setattr(session.get_one(User, bob), "name", "Robert"))
        app = screens.open("audit")
        assert "3 events" in texts(app)
        table = app.dataframe[0].value
        assert list(table["By whom"]) == ["Ada", "Ada", "Ada"]
        assert list(table["About"]) == [f"user {bob}: Robert", f"user {bob}: Robert", "browser 1"]
        assert list(table["Details"]) == ["purpose: Invitation", "roles: Member", ""]
        assert app.success[0].value == "The log is whole: all 3 events follow from one another."

    def test_filters_narrow_the_answer(self, screens: Screens, ada: int) -> None:
        bob = screens.build(able, "Bob", Role.MEMBER)
        screens.build(lambda s: login.begin_session(s, s.get_one(User, bob)))
        app = screens.open("audit")
        app.selectbox(key="audit_actor").select("Bob")
        ran(app.run())
        assert list(app.dataframe[0].value["By whom"]) == ["Bob"]
        app.date_input(key="audit_since").set_value(date(2020, 1, 1))
        app.date_input(key="audit_until").set_value(date(2020, 1, 2))
        ran(app.run())
        assert [len(app.dataframe), "No event fits these filters." in texts(app)] == [0, True]
        assert ada

    @pytest.mark.usefixtures("ada")
    def test_a_log_that_was_tampered_with_says_where(self, screens: Screens) -> None:
        screens.build(lambda s: setattr(s.exec(select(AuditEvent)).one(), "actor_id", 99))
        app = screens.open("audit")
        assert errors(app) == [
            "Event 1 does not follow from the one before it. Who has had access to the database?"
        ]

    @pytest.mark.usefixtures("ada")
    def test_checking_again_notices_what_happened_meanwhile(self, screens: Screens) -> None:
        app = screens.open("audit")
        screens.build(lambda s: setattr(s.exec(select(AuditEvent)).one(), "actor_id", 99))
        assert errors(ran(app.run())) == []
        assert len(errors(ran(app.button(key="audit_check").click().run()))) == 1


class TestSettings:
    @pytest.mark.usefixtures("ada")
    def test_it_shows_what_is_set_and_no_secret(self, screens: Screens) -> None:
        from convening import settings

        table = screens.open("settings").dataframe[0].value
        values = dict(zip(table["Setting"], table["Value"], strict=True))
        assert values["Database"].startswith("SQLite 3.")
        assert values["Secret key"] == "from the environment, not shown"
        assert values["Address for browsers"] == "Not set"
        given = dict(zip(table["Name in the environment"], table["Set there"], strict=True))
        assert (given["HALQA_DATA_DIR"], given["HALQA_BASE_URL"]) == ("Yes", "No")
        assert settings.current().secret_key not in table.to_csv()

    @pytest.mark.usefixtures("ada")
    def test_every_setting_is_there(self, screens: Screens) -> None:
        from convening import settings

        table = screens.open("settings").dataframe[0].value
        named = {name for names in table["Name in the environment"] for name in names.split(", ")}
        assert set(settings.NAMES) == named - {""}

    @pytest.mark.usefixtures("ada")
    def test_samples_are_loaded_and_removed_after_a_question(self, screens: Screens) -> None:
        def samples(session: Session) -> int:
            return len(session.exec(select(Initiative).where(Initiative.sample)).all())

        app = screens.open("settings")
        ran(app.button(key="samples_load").click().run())
        assert screens.read(samples) == 0
        assert "Two invented initiatives appear, with you as their manager." in texts(app)
        app = component(_load)
        ran(app.button(key="confirm_yes").click().run())
        assert screens.read(samples) == 2
        app = screens.open("settings")
        assert "2 sample initiatives are loaded." in texts(app)
        app = component(_remove)
        ran(app.button(key="confirm_yes").click().run())
        assert screens.read(samples) == 0


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


class TestTeam:
    def test_a_manager_sees_the_team_and_whom_to_add(self, screens: Screens) -> None:
        people = screens.build(builders.people)
        screens.enter(people.alice.user_id)
        app = component(_team)
        assert [each.value for each in app.markdown if each.value.startswith("**")] == [
            "**Alice**",
            "**Bob**",
        ]
        who = next(each for each in app.selectbox)
        assert who.options == ["Charlie", "Dana"]

    def test_the_last_manager_is_asked_who_comes_next(self, screens: Screens) -> None:
        people = screens.build(builders.people)
        screens.enter(people.alice.user_id)
        app = component(_team)
        ran(app.button(key="team_leave").click().run())
        assert len(errors(app)) == 1
        assert people.initiative_id in screens.read(accounts.actor, people.alice.user_id).teams

    def test_a_member_sees_the_team_changes_nothing_and_may_leave(self, screens: Screens) -> None:
        people = screens.build(builders.people)
        screens.enter(people.bob.user_id)
        app = component(_team)
        assert [each.key for each in app.button] == ["team_leave"]
        app.button(key="team_leave").click().run()
        assert screens.read(accounts.actor, people.bob.user_id).teams == {}


@pytest.mark.parametrize("screen", ["people_and_access", "audit", "settings", "account"])
@pytest.mark.parametrize("language", list(Language))
@pytest.mark.usefixtures("ada")
def test_every_screen_opens_in_both_languages(
    screens: Screens, screen: str, language: Language
) -> None:
    screens.speak(language)
    app = screens.open(screen)
    title = {
        "people_and_access": ("People and access", "الأشخاص والصلاحيات"),
        "audit": ("Audit log", "سجل التدقيق"),
        "settings": ("Settings", "الإعدادات"),
        "account": ("My account", "حسابي"),
    }[screen]
    assert app.title[0].value == title[language is Language.ARABIC]


@pytest.mark.parametrize("screen", ["people_and_access", "audit", "settings"])
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_opens_the_administrators_screens(
    screens: Screens, screen: str, role: Role
) -> None:
    screens.build(able, "Ada", Role.ADMINISTRATOR)
    screens.enter(screens.build(able, "Other", role))
    app = screens.open(screen)
    assert [each.value for each in app.title] == ["There is nothing here"]
    assert not any("ada" in text for text in texts(app))
    assert [len(app.button), len(app.dataframe)] == [0, 0]


@pytest.mark.parametrize("screen", ["people_and_access", "audit", "settings", "account"])
def test_a_visitor_sees_nothing(screens: Screens, screen: str) -> None:
    screens.build(able, "Ada", Role.ADMINISTRATOR)
    app = screens.open(screen)
    assert [len(app.title), len(app.text), len(app.button)] == [0, 0, 0]


def _begin(session: Session, user_id: int) -> int:
    login.begin_session(session, session.get_one(User, user_id))
    newest = select(LoginSession.id).order_by(col(LoginSession.id).desc())
    return session.exec(newest).first() or 0


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


def _invite() -> None:
    from pages.components import accounts_edit, language

    accounts_edit.invite(language.translator())


def _url() -> None:
    import streamlit as st

    from pages.components import links

    st.text(links.url("TOKEN"))


def _load() -> None:
    from db.commands import samples
    from pages.components import forms, language

    forms.confirm("Load", "Sure?", "Yes", samples.load, t=language.translator())


def _remove() -> None:
    from db.commands import samples
    from pages.components import forms, language

    forms.confirm("Remove", "Sure?", "Yes", samples.remove, t=language.translator())


def _password() -> None:
    from pages.components import access, language, own_account

    own_account.new_password(access.require("account"), language.translator())


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


def _team() -> None:
    from pages.components import access, language, team

    viewer = access.require("account")
    if viewer.actor.teams:
        team.show(min(viewer.actor.teams), viewer, language.translator())

"""The screens about accounts, as administrators see them, and as nobody else does."""

from datetime import date

import pytest
from sqlmodel import Session, select

from convening import settings
from convening.accounts import AccountDraft
from convening.vocabulary import Language, Role
from db.commands import login, users
from db.queries import accounts
from db.queries import users as listing
from db.tables.accounts import AuditEvent, User
from db.tables.work import Initiative
from tests import builders
from tests.pages.screens import Screens, able, component, errors, ran, texts

EVIL = "![x](https://evil.example/x.png) :smile: <b>$a$</b>"


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

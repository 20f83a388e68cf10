"""The screen of backups, the notices on the first screen, and the person's own data."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
import streamlit as st
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import Session, select

from convening import settings
from convening.vocabulary import ConveningState, Language, Role
from db import backup, backup_folder, migrate
from db.tables.accounts import AuditEvent, LoginSession, TeamMembership, User
from db.tables.community import Stakeholder
from db.tables.work import Initiative
from pages.components import data_restore
from tests import builders
from tests.pages.screens import Screens, component, errors, ran, texts


@pytest.fixture
def folder(screens: Screens, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of backups of a database that counts as migrated."""
    # links between screens need the frame, which is not run here
    monkeypatch.setattr(st, "page_link", lambda _page, *, label, **_rest: st.markdown(label))
    with screens.engines.write.connect() as connection:
        script = ScriptDirectory(str(migrate.FOLDER))
        MigrationContext.configure(connection).stamp(script, "head")
        connection.commit()
    return settings.current().backup_dir


def test_an_administrator_makes_a_backup_and_sees_it(
    screens: Screens, ada: int, folder: Path
) -> None:
    app = screens.open("data")
    assert "The server makes one each day and keeps the newest 14." in texts(app)
    ran(app.button(key="data_make").click().run())
    (kept,) = backup_folder.listing(screens.engines, folder)
    assert kept.checked_at is not None
    events = screens.read(_actions)
    assert events[-1] == ("back_up", ada)


def test_nobody_else_sees_it(screens: Screens) -> None:
    screens.enter(screens.build(builders.user, "Olga", Role.ORGANISER))
    app = screens.open("data")
    assert [each.value for each in app.title] == ["There is nothing here"]
    assert not app.button


def test_a_restore_replaces_everything_and_signs_everybody_out(
    screens: Screens, ada: int, folder: Path
) -> None:
    made = backup_folder.add(screens.engines, folder, 1)
    screens.build(builders.user, "Later", Role.MEMBER)
    app = screens.run("data", data_restore_file=made.name)
    ran(app.text_input(key="data_word").input("restore").run())
    ran(app.button(key="data_restore").click().run())
    assert errors(app) == ["Please type RESTORE to go on\\. Nothing has changed\\."]
    assert screens.read(_names) == ["Ada", "Later"]
    ran(app.text_input(key="data_word").input("RESTORE").run())
    ran(app.button(key="data_restore").click().run())
    assert len(app.success) == 1
    assert screens.read(_names) == ["Ada"]
    assert screens.read(lambda session: session.exec(select(LoginSession)).all()) == []
    assert screens.read(_actions)[-1] == ("restore_backup", ada)


def test_a_file_that_is_no_backup_is_told_and_offers_nothing(
    screens: Screens, ada: int, folder: Path
) -> None:
    assert ada
    folder.mkdir()
    name = "halqa-20260101T000000Z.halqa.zip"
    (folder / name).write_bytes(b"hello")
    app = screens.run("data", data_restore_file=name)
    assert errors(app) == ["This file is not a backup of this application\\."]
    assert not [each for each in app.button if each.key == "data_restore"]


def test_a_failed_backup_stands_on_both_screens(
    screens: Screens, ada: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ada
    assert folder

    def fail(*_args: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(backup, "write", fail)
    app = screens.open("data")
    ran(app.button(key="data_make").click().run())
    assert errors(app)
    assert "failed" in errors(screens.open("data"))[0]
    home = screens.open("home")
    assert "**The last backup failed\\.**" in [each.value for each in home.markdown]


def test_every_word_for_a_restore_is_in_both_languages(
    screens: Screens, ada: int, folder: Path
) -> None:
    assert ada
    made = backup_folder.add(screens.engines, folder, 1)
    screens.speak(Language.ARABIC)
    app = screens.run("data", data_restore_file=made.name)
    ran(app.text_input(key="data_word").input("استعادة").run())
    ran(app.button(key="data_restore").click().run())
    assert len(app.success) == 1


def test_people_who_are_due_are_listed_and_can_be_erased(
    screens: Screens, ada: int, folder: Path
) -> None:
    assert folder
    own = screens.build(_overdue, ada)
    app = screens.open("home")
    assert any("One person is on this map" in each for each in texts(app))
    ran(app.button(key=f"erase_now_{own}").click().run())
    ran(app.text_input(key="due_word").input("ERASE").run())
    ran(app.button(key="due_erase").click().run())
    assert screens.read(lambda session: session.exec(select(Stakeholder)).all()) == []


def test_a_person_is_erased_in_their_dialog(screens: Screens, ada: int, folder: Path) -> None:
    assert folder
    own = screens.build(_overdue, ada)
    backup_folder.add(screens.engines, settings.current().backup_dir, 1)

    def source() -> None:
        from convening.i18n import Translator
        from convening.vocabulary import Language
        from db import queries
        from pages.components import community_personal, store

        found = store.read(queries.people.find, 1, "")
        if found:
            person = store.read(queries.people.person_in_full, found[0].id)
            community_personal.show(person, Translator(Language.ENGLISH))

    assert own == 1
    app = component(source)
    ran(app.toggle(key="person_erase_begin").set_value(True).run())
    ran(app.button(key="person_erase").click().run())
    assert errors(app) == ["Please type ERASE to erase\\. Nothing has changed\\."]
    ran(app.text_input(key="person_erase_word").input("ERASE").run())
    ran(app.button(key="person_erase").click().run())
    assert screens.read(lambda session: session.exec(select(Stakeholder)).all()) == []
    (kept,) = backup_folder.listing(screens.engines, folder)
    assert backup.inspected(folder / kept.name).tables["stakeholder"].rows == 0


def test_a_colleague_may_export_and_not_erase(screens: Screens, ada: int, folder: Path) -> None:
    assert folder
    own = screens.build(_overdue, ada)
    erin = screens.build(builders.user, "Erin", Role.ORGANISER)
    screens.build(_joins, own, erin)
    screens.enter(erin)

    def source() -> None:
        from convening.i18n import Translator
        from convening.vocabulary import Language
        from db import queries
        from pages.components import community_personal, store

        person = store.read(queries.people.person_in_full, 1)
        community_personal.show(person, Translator(Language.ENGLISH))

    app = component(source)
    assert not app.toggle
    assert len(app.get("download_button")) == 1


def test_the_largest_upload_is_that_of_the_server() -> None:
    root = Path(__file__).parents[2]
    config = tomllib.loads((root / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["server"]["maxUploadSize"] == data_restore._LARGEST


def _overdue(session: Session, manager: int) -> int:
    """An initiative whose last convening is long past, with one person on its map."""
    own = builders.initiative(session, "Old work", manager=manager)
    stage = builders.stage(session, own)
    builders.convening(
        session,
        stage,
        state=ConveningState.HELD,
        starts_at=datetime(2020, 3, 2, 9, 0, tzinfo=UTC),
    )
    session.get_one(Initiative, own).keep_months = 12
    builders.person(session, own, "Sara Nasser")
    return own


def _joins(session: Session, own: int, user_id: int) -> None:
    session.add(TeamMembership(initiative_id=own, user_id=user_id))


def _actions(session: Session) -> list[tuple[str, int | None]]:
    rows = session.exec(select(AuditEvent).order_by(AuditEvent.id)).all()  # type: ignore[arg-type]
    return [(each.action, each.actor_id) for each in rows]


def _names(session: Session) -> list[str]:
    return list(session.exec(select(User.name).order_by(User.name)).all())

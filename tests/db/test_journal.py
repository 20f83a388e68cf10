"""What a change leaves behind, and that it can be put back exactly."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import Session, col, select

from convening.problems import ConveningError
from convening.vocabulary import Group, StageKind
from db import journal, transaction
from db.base import Table
from db.engine import Engines
from db.tables.accounts import AuditEvent, TeamMembership, User
from db.tables.community import GroupMembership, Nomination, Organisation, Stakeholder, Tie
from db.tables.journal import Change, RowImage
from db.tables.work import AgendaBlock, Convening, Initiative, Invitation, Stage, StageTarget
from tests import builders

AT = datetime(2026, 3, 2, 9, 30, 15, 250000, tzinfo=UTC)


def write(engines: Engines, work: Callable[[Session], Any], command: str = "work") -> Any:
    with transaction.writing(engines, actor_id=None, command=command) as session:
        return work(session)


def images(engines: Engines, command: str = "work") -> dict[tuple[str, int], Any]:
    """The images of the last change of that name, as they stand in the database."""
    with transaction.reading(engines) as session:
        change = last(session, command)
        rows = session.exec(select(RowImage).where(RowImage.change_id == change.key))
        return {(row.table_name, row.row_id): row.before for row in rows}


def last(session: Session, command: str) -> Change:
    changes = select(Change).where(Change.command == command).order_by(col(Change.id).desc())
    found = session.exec(changes).first()
    assert found is not None
    return found


def undo(engines: Engines, command: str) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        journal.restore(session, last(session, command))


def everything(engines: Engines) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, the journal's own and the names of data states apart."""
    with transaction.reading(engines) as session:
        return {
            table.name: [
                dict(row)
                for row in session.execute(table.select().order_by(*table.primary_key)).mappings()
            ]
            for table in Table.metadata.sorted_tables
            if table.name not in ("change", "row_image", "data_version")
        }


@pytest.fixture
def initiative(engines: Engines) -> int:
    """An initiative in which rows point at one another, and at themselves."""

    def build(session: Session) -> int:
        people = builders.people(session)
        made = people.initiative_id
        stage = builders.stage(session, made, StageKind.DESIGN, targets={Group.STEWARD: (0.2, 0.5)})
        session.get_one(Stage, stage).starts_on = date(2026, 3, 1)
        first = builders.convening(session, stage, "First", starts_at=AT)
        council = builders.organisation(session, made, "Council")
        anna = builders.person(session, made, "Anna", Group.STEWARD, organisation_id=council)
        boris = builders.person(session, made, "Boris", Group.GATEWAY, Group.STEWARD)
        session.get_one(Stakeholder, anna).reached_through_id = boris
        session.get_one(Stakeholder, boris).reached_through_id = anna
        session.get_one(Stakeholder, boris).attributes = {"لغة": "عربية"}
        builders.invitation(session, first, anna, groups_when_held=[Group.STEWARD])
        session.add(Tie(first_id=anna, second_id=boris, convening_id=first))
        session.add(AgendaBlock(convening_id=first, position=0, minutes=20, title="Welcome"))
        builders.nomination(session, made, "Cyril", Group.INFLUENCER)
        return made

    return int(write(engines, build, "build"))


def delete(engines: Engines, model: type[Table], row_id: int, command: str = "delete") -> None:
    write(engines, lambda s: journal.remove(s, s.get_one(model, row_id)), command)


class TestImages:
    def test_an_inserted_row_was_nothing(self, engines: Engines) -> None:
        row = write(engines, lambda s: builders.initiative(s, manager=builders.user(s, "Alice")))
        assert images(engines) == {("initiative", row): None, ("team_membership", 1): None}

    def test_an_updated_row_keeps_the_columns_that_changed(
        self, engines: Engines, initiative: int
    ) -> None:
        def edit(session: Session) -> None:
            row = session.get_one(Initiative, initiative)
            row.name, row.place = "Renamed", "Zarqa"

        write(engines, edit)
        assert images(engines) == {("initiative", initiative): {"name": "Renewal", "place": ""}}

    def test_the_first_state_counts_when_a_row_changes_twice(
        self, engines: Engines, initiative: int
    ) -> None:
        def edit(session: Session) -> None:
            row = session.get_one(Initiative, initiative)
            for name in ("Second", "Third"):
                row.name = name
                session.flush()
            row.issue = "Rent"

        write(engines, edit)
        assert images(engines) == {("initiative", initiative): {"name": "Renewal", "issue": ""}}

    def test_a_row_that_is_changed_and_then_deleted_was_what_it_was(self, engines: Engines) -> None:
        organisation = write(
            engines,
            lambda s: builders.organisation(
                s, builders.initiative(s, manager=builders.user(s, "A")), "Council"
            ),
        )

        def edit(session: Session) -> None:
            row = session.get_one(Organisation, organisation)
            row.name = "Renamed"
            session.flush()
            session.delete(row)

        write(engines, edit, "delete")
        before = images(engines, "delete")[("organisation", organisation)]
        assert (before["name"], before["id"]) == ("Council", organisation)
        undo(engines, "delete")
        with transaction.reading(engines) as session:
            assert session.get_one(Organisation, organisation).name == "Council"

    def test_a_row_that_came_and_went_leaves_nothing_to_put_back(
        self, engines: Engines, initiative: int
    ) -> None:
        def edit(session: Session) -> None:
            row = Organisation(initiative_id=initiative, name="Brief", folded="brief")
            session.add(row)
            session.flush()
            session.delete(row)

        before = everything(engines)
        write(engines, edit)
        undo(engines, "work")
        assert everything(engines) == before

    def test_a_column_that_was_not_loaded_is_kept_too(
        self, engines: Engines, initiative: int
    ) -> None:
        def edit(session: Session) -> None:
            row = session.get_one(Initiative, initiative)
            session.expire_all()
            row.name = "Renamed"

        write(engines, edit)
        assert images(engines) == {("initiative", initiative): {"name": "Renewal"}}

    def test_setting_what_it_is_leaves_nothing(self, engines: Engines, initiative: int) -> None:
        def edit(session: Session) -> None:
            session.get_one(Initiative, initiative).name = "Renewal"

        write(engines, edit)
        with transaction.reading(engines) as session:
            assert [change.command for change in session.exec(select(Change))] == ["build"]

    def test_rows_that_are_not_journalled_leave_nothing(self, engines: Engines) -> None:
        write(engines, lambda s: builders.user(s, "Alice"))
        with transaction.reading(engines) as session:
            assert session.exec(select(Change)).all() == []

    def test_work_that_is_no_edit_leaves_nothing(self, engines: Engines, initiative: int) -> None:
        with transaction.writing(engines, actor_id=None, journalled=False) as session:
            session.get_one(Initiative, initiative).name = "Renamed"
        with transaction.reading(engines) as session:
            assert [change.command for change in session.exec(select(Change))] == ["build"]

    def test_a_failed_transaction_leaves_nothing(self, engines: Engines) -> None:
        def fail(session: Session) -> None:
            builders.initiative(session, manager=builders.user(session, "Alice"))
            raise ConveningError("refused")

        with pytest.raises(ConveningError):
            write(engines, fail)
        assert not any(everything(engines).values())

    def test_the_change_says_who_did_what_to_what(self, engines: Engines, initiative: int) -> None:
        with transaction.reading(engines) as session:
            alice = session.exec(select(User.id).where(User.name == "Alice")).one()
        with transaction.writing(engines, actor_id=alice, command="rename") as session:
            journal.concerns(
                session, initiative_id=initiative, subject="initiative", subject_id=initiative
            )
            session.get_one(Initiative, initiative).name = "Renamed"
        with transaction.reading(engines) as session:
            change = last(session, "rename")
            assert (
                change.actor_id,
                change.initiative_id,
                change.subject,
                change.subject_id,
                change.undone_at,
            ) == (alice, initiative, "initiative", initiative, None)


class TestRemove:
    def test_everything_that_hangs_on_an_initiative_goes_and_nothing_else(
        self, engines: Engines, initiative: int
    ) -> None:
        delete(engines, Initiative, initiative)
        left = {name: len(rows) for name, rows in everything(engines).items() if rows}
        assert left == {"user": 4, "user_role": 4, "initiative": 1, "team_membership": 1}

    def test_every_row_that_went_left_its_whole_image(
        self, engines: Engines, initiative: int
    ) -> None:
        delete(engines, Initiative, initiative)
        counts: dict[str, int] = {}
        for (table, row_id), before in images(engines, "delete").items():
            counts[table] = counts.get(table, 0) + 1
            assert before["id"] == row_id
            assert set(before) == set(Table.metadata.tables[table].columns.keys())
        assert counts == {
            "initiative": 1,
            "team_membership": 2,
            "stage": 1,
            "stage_target": 1,
            "convening": 1,
            "agenda_block": 1,
            "organisation": 1,
            "stakeholder": 2,
            "group_membership": 3,
            "tie": 1,
            "invitation": 1,
            "nomination": 1,
        }

    @pytest.mark.usefixtures("initiative")
    def test_what_only_points_at_a_row_stays_and_loses_the_pointer(self, engines: Engines) -> None:
        with transaction.reading(engines) as session:
            people = session.exec(select(Stakeholder).order_by(col(Stakeholder.id)))
            anna, boris = (row.key for row in people)
        delete(engines, Stakeholder, anna)
        with transaction.reading(engines) as session:
            assert session.get_one(Stakeholder, boris).reached_through_id is None
            invitation = session.exec(select(Invitation)).one()
            assert (invitation.stakeholder_id, invitation.groups_when_held) == (None, ["steward"])
            assert session.exec(select(Tie)).all() == []
            memberships = session.exec(select(GroupMembership.stakeholder_id)).all()
            assert set(memberships) == {boris}


class TestRestore:
    @pytest.mark.parametrize("times", [1, 2])
    def test_a_deleted_initiative_comes_back_whole(
        self, engines: Engines, initiative: int, times: int
    ) -> None:
        """Rows that point at each other and at themselves, times, dates, JSON and the team."""
        before = everything(engines)
        for _ in range(times):
            delete(engines, Initiative, initiative)
            undo(engines, "delete")
        assert everything(engines) == before

    @pytest.mark.parametrize(
        "model", [Stakeholder, Organisation, Stage, Convening, StageTarget, Nomination, Tie]
    )
    @pytest.mark.usefixtures("initiative")
    def test_a_deleted_row_comes_back_with_what_pointed_at_it(
        self, engines: Engines, model: type[Table]
    ) -> None:
        before = everything(engines)
        with transaction.reading(engines) as session:
            row_id = session.exec(select(model)).first().key  # type: ignore[union-attr]
        delete(engines, model, row_id)
        assert everything(engines) != before
        undo(engines, "delete")
        assert everything(engines) == before

    def test_times_come_back_aware_and_dates_as_dates(
        self, engines: Engines, initiative: int
    ) -> None:
        delete(engines, Initiative, initiative)
        undo(engines, "delete")
        with transaction.reading(engines) as session:
            meeting = session.exec(select(Convening)).one()
            assert meeting.starts_at == AT
            assert meeting.starts_at.tzinfo is not None
            assert meeting.starts_local == AT.replace(tzinfo=None)
            assert session.exec(select(Stage)).one().starts_on == date(2026, 3, 1)

    def test_an_update_is_taken_back_under_a_version_that_nobody_has_read(
        self, engines: Engines, initiative: int
    ) -> None:
        before = everything(engines)
        before["initiative"][0]["version"] = 3

        def edit(session: Session) -> None:
            row = session.get_one(Initiative, initiative)
            row.name, row.archived_at, row.version = "Renamed", AT, 2

        write(engines, edit)
        undo(engines, "work")
        assert everything(engines) == before

    def test_an_insert_is_taken_back(self, engines: Engines, initiative: int) -> None:
        before = everything(engines)
        write(engines, lambda s: builders.person(s, initiative, "Dora", Group.STEWARD))
        undo(engines, "work")
        assert everything(engines) == before

    def test_it_is_marked_as_undone(self, engines: Engines, initiative: int) -> None:
        delete(engines, Initiative, initiative)
        undo(engines, "delete")
        with transaction.reading(engines) as session:
            assert last(session, "delete").undone_at is not None

    def test_ids_are_not_given_away_in_the_meantime(
        self, engines: Engines, initiative: int
    ) -> None:
        delete(engines, Initiative, initiative)

        def again(session: Session) -> int:
            manager = session.exec(select(User.id).where(User.name == "Alice")).one()
            return builders.initiative(session, "Another", manager=manager or 0)

        another = write(engines, again)
        undo(engines, "delete")
        with transaction.reading(engines) as session:
            assert session.get_one(Initiative, initiative).name == "Renewal"
            assert session.get_one(Initiative, another).name == "Another"

    def test_a_place_that_somebody_took_is_a_conflict_and_nothing_changes(
        self, engines: Engines, initiative: int
    ) -> None:
        with transaction.reading(engines) as session:
            council = session.exec(select(Organisation.id)).one() or 0
        delete(engines, Organisation, council)
        write(engines, lambda s: builders.organisation(s, initiative, "Council"))
        before = everything(engines)
        with pytest.raises(ConveningError) as caught:
            undo(engines, "delete")
        assert caught.value.code == "cannot_restore"
        assert everything(engines) == before
        with transaction.reading(engines) as session:
            assert last(session, "delete").undone_at is None

    def test_a_parent_that_is_gone_is_a_conflict(self, engines: Engines, initiative: int) -> None:
        with transaction.reading(engines) as session:
            anna = session.exec(select(Stakeholder.id).order_by(col(Stakeholder.id))).first() or 0
        delete(engines, Stakeholder, anna, "delete_person")
        delete(engines, Initiative, initiative)
        with pytest.raises(ConveningError) as caught:
            undo(engines, "delete_person")
        assert caught.value.code == "cannot_restore"
        undo(engines, "delete")
        undo(engines, "delete_person")
        with transaction.reading(engines) as session:
            assert session.get_one(Stakeholder, anna).name == "Anna"

    def test_an_insert_that_others_depend_on_is_a_conflict(
        self, engines: Engines, initiative: int
    ) -> None:
        stage = write(engines, lambda s: builders.stage(s, initiative, position=1), "add_stage")
        write(engines, lambda s: builders.convening(s, stage, "Second"))
        with pytest.raises(ConveningError) as caught:
            undo(engines, "add_stage")
        assert caught.value.code == "cannot_restore"
        with transaction.reading(engines) as session:
            titles = session.exec(select(Convening.title).order_by(col(Convening.id))).all()
            assert titles == ["First", "Second"]


def test_the_journal_holds_no_secret_and_no_log() -> None:
    """Passwords, login sessions and audit events never enter a row image."""
    journalled = {
        mapper.class_.__tablename__
        for mapper in Table._sa_registry.mappers  # type: ignore[attr-defined]
        if mapper.class_.journalled
    }
    assert User.__tablename__ not in journalled
    assert AuditEvent.__tablename__ not in journalled
    assert TeamMembership.__tablename__ in journalled
    assert not journalled & {"login_session", "login_ticket", "account_link", "row_image"}

"""Changing people on a community map, one at a time or many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from convening.community import (
    GridEdit,
    PersonDraft,
    Placement,
    check_consent,
    check_placements,
    clean_person,
)
from convening.problems import Invalid, Problem
from convening.roles import Action, Actor, require
from convening.vocabulary import (
    QUESTION_GROUP,
    Consent,
    Group,
    GuidingQuestion,
    InvitationStatus,
    Relationship,
)
from db import bulk, journal
from db.commands import noting, people, versions
from db.queries import people as reading
from db.queries.community import MATCHING_AT_ONCE, placements
from db.tables import community as table
from db.tables.work import Invitation


def add_person(session: Session, actor: Actor, initiative_id: int, draft: PersonDraft) -> int:
    """Puts a new person on the map."""
    require(actor, Action.EDIT_COMMUNITY, initiative_id)
    cleaned = _cleaned(draft)
    row = table.Stakeholder(initiative_id=initiative_id, name=cleaned.name, folded="")
    people.write_person(session, row, cleaned)
    return noting.noted_row(session, actor, "add_person", row)


def edit_person(session: Session, actor: Actor, draft: PersonDraft) -> int:
    """Changes a person and all that hangs on them; ties only where the draft holds any."""
    row = reading.row(session, actor, draft.id or 0)
    cleaned = _cleaned(draft)
    versions.check(row, draft.version)
    people.write_person(session, row, cleaned)
    return noting.noted_row(session, actor, "edit_person", row)


def place_person(
    session: Session,
    actor: Actor,
    stakeholder_id: int,
    groups: Mapping[Group, Placement],
    version: int | None = None,
) -> int:
    """Makes a person's groups these; the guiding question of each stays on record as the reason."""
    row = reading.row(session, actor, stakeholder_id)
    problems = check_placements(groups)
    if problems:
        raise Invalid(problems)
    versions.check(row, version)
    people.set_groups(session, row, groups)
    return noting.noted_row(session, actor, "place_person", row)


def edit_people(
    session: Session, actor: Actor, initiative_id: int, edits: Sequence[GridEdit]
) -> int:
    """Saves the changed lines of the grid, all or nothing; returns how many.

    Each problem has its line as param ``row`` and the column as ``field``.
    """
    require(actor, Action.EDIT_COMMUNITY, initiative_id)
    rows = {row.key: row for row in people.of_map(session, initiative_id, [e.id for e in edits])}
    circles = placements(session, rows)
    problems: list[Problem] = []
    for edit in edits:
        row = rows[edit.id]
        cleaned, found = clean_person(_of_grid(edit), people.latest_day())
        found += check_placements(cleaned.groups)
        if row.version != edit.version:
            found.append(Problem("changed_meanwhile", field="name"))
        problems += [replace(each, params={**each.params, "row": edit.row}) for each in found]
        if not problems:
            _write_line(session, row, cleaned, circles[edit.id])
    if problems:
        raise Invalid(problems)
    noting.noted(session, actor, "edit_people", initiative_id, count=len(edits))
    return len(edits)


def place_people(
    session: Session,
    actor: Actor,
    initiative_id: int,
    ids: Sequence[int],
    question: GuidingQuestion,
    sub_circle_id: int | None = None,
) -> int:
    """Adds the group that the question is about to each of these people; returns how many.

    Who is in the group already gets the question as the reason, and the sub-circle if one is given.
    """
    group = QUESTION_GROUP[question]

    def place(rows: Sequence[table.Stakeholder]) -> None:
        known = _members(session, rows, group)
        for member in known.values():
            member.question = question
            member.sub_circle_id = sub_circle_id or member.sub_circle_id
        reason = {"group": group, "question": question, "sub_circle_id": sub_circle_id}
        new = [{"stakeholder_id": row.key, **reason} for row in rows if row.key not in known]
        bulk.insert_rows(session, table.GroupMembership, new)

    people.require_circles(session, initiative_id, {group: Placement(question, sub_circle_id)})
    return _in_bulk(session, actor, initiative_id, ids, "place_people", place)


def leave_group(
    session: Session, actor: Actor, initiative_id: int, ids: Sequence[int], group: Group
) -> int:
    """Takes these people out of a group; returns how many were asked about."""

    def leave(rows: Sequence[table.Stakeholder]) -> None:
        for member in _members(session, rows, group).values():
            session.delete(member)

    return _in_bulk(session, actor, initiative_id, ids, "leave_group", leave)


def set_relationship(
    session: Session,
    actor: Actor,
    initiative_id: int,
    ids: Sequence[int],
    relationship: Relationship,
) -> int:
    """Says of these people how well the foundation knows them; returns how many."""

    def set_each(rows: Sequence[table.Stakeholder]) -> None:
        for row in rows:
            row.relationship = relationship

    return _in_bulk(session, actor, initiative_id, ids, "set_relationship", set_each)


def record_consent(
    session: Session,
    actor: Actor,
    initiative_id: int,
    ids: Sequence[int],
    consent: Consent,
    on: date | None,
) -> int:
    """Records one answer for all of these people, or for none; returns how many."""

    def record(rows: Sequence[table.Stakeholder]) -> None:
        problems = [
            Problem("guardian_consent_of", {"name": row.name}, "consent")
            for row in rows
            if row.minor and consent is Consent.GIVEN
        ] + check_consent(consent, on, False, people.latest_day())
        if problems:
            raise Invalid(problems[:10])
        for row in rows:
            people.set_consent(row, consent, on)

    return _in_bulk(session, actor, initiative_id, ids, "record_consent", record)


def delete_stakeholders(
    session: Session, actor: Actor, initiative_id: int, ids: Sequence[int]
) -> int:
    """Takes people off the map, and out of the convenings that are still to come; recoverable.

    Who has come stays counted there: that invitation keeps the groups, without the person.
    """
    require(actor, Action.EDIT_COMMUNITY, initiative_id)
    found = [row.key for row in people.of_map(session, initiative_id, ids)]
    coming = _leave_convenings(session, found)
    noting.noted(
        session,
        actor,
        "delete_stakeholders",
        initiative_id,
        subject_id=ids[0],
        count=len(found),
    )
    journal.remove_all(session, Invitation, coming)
    journal.remove_all(session, table.Stakeholder, found)
    return len(found)


def _leave_convenings(session: Session, ids: Sequence[int]) -> list[int]:
    """The invitations that go with these people; who has come keeps their groups on theirs."""
    coming: list[int] = []
    for start in range(0, len(ids), MATCHING_AT_ONCE):
        part = ids[start : start + MATCHING_AT_ONCE]
        theirs = session.exec(
            select(Invitation).where(col(Invitation.stakeholder_id).in_(part))
        ).all()
        open_ones = [each for each in theirs if each.groups_when_held is None]
        came = [each for each in open_ones if each.status == InvitationStatus.ATTENDED]
        groups = placements(session, [each.stakeholder_id or 0 for each in came])
        for each in came:
            each.groups_when_held = [group.value for group in groups[each.stakeholder_id or 0]]
        coming += [each.key for each in open_ones if each not in came]
    return coming


def _in_bulk(
    session: Session,
    actor: Actor,
    initiative_id: int,
    ids: Sequence[int],
    command: str,
    change: Any,
) -> int:
    require(actor, Action.EDIT_COMMUNITY, initiative_id)
    rows = people.of_map(session, initiative_id, ids)
    change(rows)
    for row in rows:
        versions.check(row, None)
    noting.noted(session, actor, command, initiative_id, count=len(rows))
    return len(rows)


def _members(
    session: Session, rows: Sequence[table.Stakeholder], group: Group
) -> dict[int, table.GroupMembership]:
    found: dict[int, table.GroupMembership] = {}
    ids = [row.key for row in rows]
    for start in range(0, len(ids), MATCHING_AT_ONCE):
        members = session.exec(
            select(table.GroupMembership).where(
                col(table.GroupMembership.stakeholder_id).in_(
                    ids[start : start + MATCHING_AT_ONCE]
                ),
                table.GroupMembership.group == group,
            )
        )
        found |= {member.stakeholder_id: member for member in members}
    return found


def _cleaned(draft: PersonDraft) -> PersonDraft:
    cleaned, problems = clean_person(draft, people.latest_day())
    if problems:
        raise Invalid(problems)
    return cleaned


def _of_grid(edit: GridEdit) -> PersonDraft:
    return PersonDraft(
        name=edit.name,
        organisation=edit.organisation,
        place=edit.place,
        relationship=edit.relationship,
        money=edit.money,
        groups={group: Placement(question) for group, question in edit.groups.items()},
    )


def _write_line(
    session: Session,
    row: table.Stakeholder,
    draft: PersonDraft,
    before: Mapping[Group, Placement],
) -> None:
    """The columns of the grid alone; a sub-circle stays as long as its group does."""
    versions.check(row, None)
    row.name, row.place = draft.name, draft.place
    row.relationship, row.money = draft.relationship, draft.money
    people.set_organisation(session, row, draft.organisation)
    groups = {
        group: replace(placement, sub_circle_id=before.get(group, placement).sub_circle_id)
        for group, placement in draft.groups.items()
    }
    people.set_groups(session, row, groups)

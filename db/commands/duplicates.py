"""Two records of one person: merging them, or noting that they are two people."""

from typing import Any

from sqlmodel import Session, col, or_, select

from convening.community import Stakeholder, check_consent
from convening.merging import Merge, merged, merged_groups, settled_further
from convening.problems import ConveningError, Invalid, NotFound
from convening.roles import Action, Actor, require
from convening.vocabulary import Capital, InvitationStatus
from db import journal
from db.base import Table, columns
from db.commands import noting, people, versions
from db.queries import people as reading
from db.tables import community as table
from db.tables.work import ConveningStake, Invitation

# Where a row about both people would stand twice, by the columns that make it the same
_TWICE: dict[type[Table], tuple[str, ...]] = {ConveningStake: ("convening_id", "stake", "who")}
_WITH_OWN_RULE = {
    table.GroupMembership,
    table.CapitalHolding,
    table.Tie,
    table.DistinctPair,
    Invitation,
}
_OF_INVITATION = ("part", "status", "status_at", "barriers", "support", "groups_when_held")


def merge_stakeholders(session: Session, actor: Actor, merge: Merge) -> int:
    """Makes two records one: what hung on the dropped one hangs on the kept one; recoverable.

    Groups and ties are those of both; of two invitations to one convening the one that is further
    along stands. Returns the id of the kept person.
    """
    if merge.keep_id == merge.drop_id:
        raise ConveningError("merge_with_self")
    kept_row = reading.row(session, actor, merge.keep_id)
    dropped_row = reading.row(session, actor, merge.drop_id)
    if dropped_row.initiative_id != kept_row.initiative_id:
        raise NotFound("stakeholder")
    kept = reading.person_in_full(session, actor, merge.keep_id)
    dropped = reading.person_in_full(session, actor, merge.drop_id)
    versions.check(kept_row, merge.keep_version)
    versions.check(dropped_row, merge.drop_version)
    _merge_ties(session, kept.id, dropped.id)
    _merge_invitations(session, kept.id, dropped.id)
    _merge_pairs(session, kept.id, dropped.id)
    _merge_rest(session, kept.id, dropped.id)
    _write(session, kept_row, kept, dropped, merged(kept, dropped, merge.from_dropped))
    noting.noted_row(session, actor, "merge_stakeholders", dropped_row, kept=kept.id)
    journal.remove(session, dropped_row)
    return kept.id


def keep_both(
    session: Session, actor: Actor, initiative_id: int, first_id: int, second_id: int
) -> int:
    """Notes that two people who look alike are two; they are not asked about again."""
    require(actor, Action.EDIT_COMMUNITY, initiative_id)
    first, second = sorted(
        row.key for row in people.of_map(session, initiative_id, [first_id, second_id])
    )
    known = session.exec(
        select(table.DistinctPair).where(
            table.DistinctPair.first_id == first, table.DistinctPair.second_id == second
        )
    ).first()
    pair = known or table.DistinctPair(first_id=first, second_id=second)
    session.add(pair)
    noting.noted(session, actor, "keep_both", initiative_id, subject_id=first, other=second)
    return pair.key


def _write(
    session: Session,
    row: table.Stakeholder,
    kept: Stakeholder,
    dropped: Stakeholder,
    values: dict[str, Any],
) -> None:
    problems = check_consent(
        values["consent"], values["consent_on"], values["minor"], people.latest_day()
    )
    if problems:
        raise Invalid(problems)
    row.name, row.place = values["name"], values["place"]
    row.email, row.phone, row.note = values["email"], values["phone"], values["note"]
    row.relationship, row.money = values["relationship"], values["money"]
    row.minor, row.language = values["minor"], values["language"] or ""
    people.set_consent(row, values["consent"], values["consent_on"])
    through = values["reached_through"]
    is_other = through is not None and through.id not in (kept.id, dropped.id)
    row.reached_through_id = through.id if is_other else None
    row.attributes = {
        name.removeprefix("attribute."): value
        for name, value in values.items()
        if name.startswith("attribute.") and value
    }
    people.set_organisation(session, row, values["organisation"])
    people.set_groups(session, row, merged_groups(kept.groups, dropped.groups))
    words = {capital: values[f"capital.{capital}"] for capital in Capital}
    people.set_capitals(session, row.key, {c: said for c, said in words.items() if said})
    session.add(row)


def _merge_ties(session: Session, kept: int, dropped: int) -> None:
    ours = {people.other_end(tie, kept): tie for tie in people.ties_of(session, kept)}
    for tie in people.ties_of(session, dropped):
        other = people.other_end(tie, dropped)
        if other == kept:
            continue
        known = ours.get(other)
        if known is None:
            tie.first_id, tie.second_id = min(kept, other), max(kept, other)
        elif tie.strength > known.strength:
            known.strength = tie.strength
    session.flush()


def _merge_invitations(session: Session, kept: int, dropped: int) -> None:
    """Values move and rows stay, so that taking the merge back meets no row in its place."""
    ours = {
        each.convening_id: each
        for each in session.exec(select(Invitation).where(Invitation.stakeholder_id == kept))
    }
    for theirs in session.exec(
        select(Invitation).where(Invitation.stakeholder_id == dropped)
    ).all():
        own = ours.get(theirs.convening_id)
        if own is None:
            theirs.stakeholder_id = kept
            continue
        if settled_further(InvitationStatus(theirs.status), InvitationStatus(own.status)):
            for name in _OF_INVITATION:
                setattr(own, name, getattr(theirs, name))
        journal.remove(session, theirs)


def _merge_pairs(session: Session, kept: int, dropped: int) -> None:
    pair = table.DistinctPair

    def others(person_id: int) -> set[int]:
        found = session.exec(
            select(pair.first_id, pair.second_id).where(
                or_(col(pair.first_id) == person_id, col(pair.second_id) == person_id)
            )
        )
        return {end for ends in found for end in ends} - {kept, dropped}

    for other in sorted(others(dropped) - others(kept)):
        session.add(pair(first_id=min(kept, other), second_id=max(kept, other)))
    session.flush()


def _merge_rest(session: Session, kept: int, dropped: int) -> None:
    """Every other row that names the dropped person names the kept one from now on."""
    for model, name in references():
        if model in _WITH_OWN_RULE:
            continue
        own = session.exec(select(model).where(columns(model)[name] == kept)).all()
        same = _TWICE.get(model, ())
        taken = {tuple(getattr(row, each) for each in same) for row in own} if same else set()
        for row in session.exec(select(model).where(columns(model)[name] == dropped)).all():
            if same and tuple(getattr(row, each) for each in same) in taken:
                session.delete(row)
            else:
                setattr(row, name, kept)
    session.flush()


def references() -> list[tuple[type[Table], str]]:
    """Every table and column that names a person of the map."""
    people_table = columns(table.Stakeholder).id.table
    return [
        (mapper.class_, key.parent.name)
        for mapper in sorted(Table._sa_registry.mappers, key=lambda each: each.class_.__name__)  # type: ignore[attr-defined]
        for key in sorted(mapper.local_table.foreign_keys, key=lambda each: each.parent.name)
        if key.column.table is people_table
    ]

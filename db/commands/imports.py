"""Bringing a list of people onto the map, all or nothing."""

from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import Session, select

from convening.community import search_text
from convening.imports.decisions import Decision, Outcome
from convening.imports.people import PersonRow
from convening.imports.result import Imported
from convening.problems import Invalid
from convening.roles import Action, Actor, require
from convening.text import fold
from convening.vocabulary import Consent, DuplicateChoice, Money, Relationship
from db import bulk
from db.base import columns
from db.commands import import_updates, noting
from db.tables import community as table

_AT_ONCE = 2000  # rows between two signs of progress
_SHARE_OF_UPDATES = 0.3
_AS_THEY_ARE = ("name", "place", "email", "phone", "note")
Progress = Callable[[float], None]


def import_people(
    session: Session,
    actor: Actor,
    initiative_id: int,
    imported: Imported[PersonRow],
    decisions: Mapping[int, Decision],
    *,
    accept_warnings: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Adds everybody in the file, except where a decision about the row says otherwise.

    ``decisions`` are by row number of the file. Refused, with all problems, while the file has any
    that block; warnings block too until somebody accepts them. ``progress`` is called with a share
    from 0 to 1.
    """
    require(actor, Action.EDIT_COMMUNITY, initiative_id)
    problems = imported.blocking if accept_warnings else imported.problems
    if problems:
        raise Invalid(problems)
    report = progress or (lambda _: None)
    by_choice: dict[DuplicateChoice, list[PersonRow]] = {each: [] for each in DuplicateChoice}
    for record in imported.records:
        by_choice[decisions.get(record.row, Decision()).choice].append(record)
    added, updated = by_choice[DuplicateChoice.ADD], by_choice[DuplicateChoice.UPDATE]
    organisations = _organisations(session, initiative_id, (*added, *updated))
    ids = _add(session, initiative_id, added, organisations, report)
    known = import_updates.update(session, initiative_id, updated, decisions, organisations)
    _reach_through(session, initiative_id, dict(zip(ids, added, strict=True)) | known, known.keys())
    grown = (table.Stakeholder, table.GroupMembership, table.CapitalHolding, table.Organisation)
    bulk.refresh_statistics(session, len(ids), *grown)
    outcome = Outcome(
        added=len(added),
        updated=len(updated),
        skipped=len(by_choice[DuplicateChoice.SKIP]),
        unplaced=sum(not record.groups for record in added),
    )
    noting.noted(
        session,
        actor,
        "import_people",
        initiative_id,
        subject="initiative",
        subject_id=initiative_id,
        added=outcome.added,
        updated=outcome.updated,
        skipped=outcome.skipped,
    )
    report(1.0)
    return outcome


def _organisations(
    session: Session, initiative_id: int, records: Sequence[PersonRow]
) -> dict[str, tuple[int, str]]:
    """Id and name by folded name, of those that the map has and those that the file brings."""
    known = {
        folded: (identity, name)
        for folded, identity, name in session.exec(
            select(table.Organisation.folded, table.Organisation.id, table.Organisation.name).where(
                table.Organisation.initiative_id == initiative_id
            )
        )
        if identity is not None
    }
    names: dict[str, str] = {}
    for record in records:
        folded = fold(record.organisation) if record.organisation else ""
        if folded and folded not in known:
            names.setdefault(folded, record.organisation)
    ids = bulk.insert_rows(
        session,
        table.Organisation,
        [
            {"initiative_id": initiative_id, "name": name, "folded": folded}
            for folded, name in names.items()
        ],
    )
    fresh = dict(zip(names, ids, strict=True))
    return known | {folded: (fresh[folded], name) for folded, name in names.items()}


def _add(
    session: Session,
    initiative_id: int,
    records: Sequence[PersonRow],
    organisations: Mapping[str, tuple[int, str]],
    report: Progress,
) -> list[int]:
    ids: list[int] = []
    for start in range(0, len(records), _AT_ONCE):
        part = records[start : start + _AT_ONCE]
        values = _values(initiative_id, part, organisations)
        added = bulk.insert_columns(session, table.Stakeholder, values, len(part))
        ids += added
        pairs = list(zip(added, part, strict=True))
        bulk.insert_rows(
            session,
            table.GroupMembership,
            [
                {"stakeholder_id": each, "group": group}
                for each, record in pairs
                if record.groups
                for group in sorted(record.groups)
            ],
        )
        bulk.insert_rows(
            session,
            table.CapitalHolding,
            [
                {"stakeholder_id": each, "capital": capital, "words": words}
                for each, record in pairs
                if record.capitals
                for capital, words in record.capitals.items()
            ],
        )
        report((1 - _SHARE_OF_UPDATES) * (start + len(part)) / len(records))
    return ids


def _values(
    initiative_id: int,
    records: Sequence[PersonRow],
    organisations: Mapping[str, tuple[int, str]],
) -> dict[str, Sequence[Any]]:
    """The columns of new people; those about which no record says anything keep their defaults."""
    nowhere = (None, "")
    employers = [
        organisations.get(fold(each.organisation), nowhere) if each.organisation else nowhere
        for each in records
    ]
    values: dict[str, Sequence[Any]] = {
        "initiative_id": [initiative_id] * len(records),
        "folded": [
            search_text(each.name, employer, each.place, each.email, each.phone)
            for each, (_, employer) in zip(records, employers, strict=True)
        ],
        "organisation_id": [identity for identity, _ in employers],
        "attributes": [import_updates.attributes(each) for each in records],
        "relationship": [each.relationship or Relationship.NONE for each in records],
        "money": [each.money or Money.NONE for each in records],
        "minor": [bool(each.minor) for each in records],
        "consent": [
            import_updates.consent(each, bool(each.minor)) or Consent.UNKNOWN for each in records
        ],
    }
    values |= {name: [getattr(each, name) for each in records] for name in _AS_THEY_ARE}
    usual = {"attributes": {}, "minor": False, "organisation_id": None}
    usual |= {"relationship": Relationship.NONE, "money": Money.NONE, "consent": Consent.UNKNOWN}
    usual |= dict.fromkeys(_AS_THEY_ARE, "")
    return {
        name: found
        for name, found in values.items()
        if name not in usual or any(each != usual[name] for each in found)
    }


def _reach_through(
    session: Session,
    initiative_id: int,
    records: Mapping[int, PersonRow],
    updated: Set[int],
) -> None:
    """Links those who are reached through somebody whom the map now has under that name, once.

    A name that nobody has, or that two people have, stays among the attributes.
    """
    wanted = {fold(each.reached_through) for each in records.values() if each.reached_through}
    if not wanted:
        return
    found: dict[str, list[int]] = {}
    everybody = select(table.Stakeholder.id, table.Stakeholder.name).where(
        table.Stakeholder.initiative_id == initiative_id
    )
    for identity, name in session.exec(everybody):
        if identity is not None and fold(name) in wanted:
            found.setdefault(fold(name), []).append(identity)
    links = [
        {"b_id": identity, "b_through": found[fold(record.reached_through)][0]}
        for identity, record in records.items()
        if len(found.get(fold(record.reached_through), ())) == 1
        and found[fold(record.reached_through)] != [identity]
    ]
    for link in [each for each in links if each["b_id"] in updated]:
        session.get_one(table.Stakeholder, link["b_id"]).reached_through_id = link["b_through"]
    links = [each for each in links if each["b_id"] not in updated]  # no image: they were inserted
    person = columns(table.Stakeholder)
    statement = (
        update(person.id.table)
        .where(person.id == bindparam("b_id"))
        .values(reached_through_id=bindparam("b_through"))
    )
    for start in range(0, len(links), _AT_ONCE):
        session.execute(statement, links[start : start + _AT_ONCE])

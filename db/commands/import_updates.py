"""What a list of people says about somebody who is on the map already."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, select

from convening.community import Placement, search_text
from convening.imports.decisions import Decision
from convening.imports.people import PersonRow
from convening.text import fold
from convening.vocabulary import Capital, Consent, PersonField
from db.commands import people, versions
from db.queries.community import MATCHING_AT_ONCE, placements
from db.tables import community as table

Organisations = Mapping[str, tuple[int, str]]  # id and name by folded name


def consent(record: PersonRow, minor: bool) -> Consent | None:
    """A consent of somebody under 18 that is not a guardian's is none."""
    return None if minor and record.consent is Consent.GIVEN else record.consent


def attributes(record: PersonRow) -> dict[str, str]:
    found = dict(record.attributes) if record.attributes else {}
    if record.birth_year is not None:
        found[PersonField.BIRTH_YEAR] = str(record.birth_year)
    if record.reached_through:
        found[PersonField.REACHED_THROUGH] = record.reached_through
    return found


def update(
    session: Session,
    initiative_id: int,
    records: Sequence[PersonRow],
    decisions: Mapping[int, Decision],
    organisations: Organisations,
) -> dict[int, PersonRow]:
    """What the file says replaces what stood there; where it says nothing, that stays.

    Returns the records by the ids of the people whom they updated.
    """
    if not records:
        return {}
    wanted = {record.row: decisions[record.row].person_id or 0 for record in records}
    rows = {row.key: row for row in people.of_map(session, initiative_id, [*wanted.values()])}
    groups = placements(session, rows)
    capitals = _capitals(session, list(rows))
    for record in records:
        row = rows[wanted[record.row]]
        versions.check(row, None)
        _fill(row, record)
        _fill_organisation(session, row, record, organisations)
        for group in sorted(record.groups - groups[row.key].keys()):
            session.add(table.GroupMembership(stakeholder_id=row.key, group=group))
            groups[row.key][group] = Placement()
        for capital, words in record.capitals.items():
            holding = capitals.setdefault(
                (row.key, capital),
                table.CapitalHolding(stakeholder_id=row.key, capital=capital, words=words),
            )
            holding.words = words
            session.add(holding)
    session.flush()
    return {wanted[record.row]: record for record in records}


def _fill(row: table.Stakeholder, record: PersonRow) -> None:
    for name in ("name", "place", "email", "phone", "relationship", "money"):
        setattr(row, name, getattr(record, name) or getattr(row, name))
    row.minor = row.minor if record.minor is None else record.minor
    told = consent(record, row.minor) or Consent(row.consent)
    if row.minor and told is Consent.GIVEN:
        told = Consent.UNKNOWN
    if told != row.consent:
        people.set_consent(row, told, None)
    if record.note and record.note not in row.note:
        row.note = "\n".join(filter(None, (row.note, record.note)))
    row.attributes = {**row.attributes, **attributes(record)}


def _fill_organisation(
    session: Session, row: table.Stakeholder, record: PersonRow, organisations: Organisations
) -> None:
    identity, name = organisations.get(fold(record.organisation), (row.organisation_id, ""))
    if identity is not None and not name:
        name = session.get_one(table.Organisation, identity).name
    row.organisation_id = identity
    row.folded = search_text(row.name, name, row.place, row.email, row.phone)


def _capitals(
    session: Session, ids: Sequence[int]
) -> dict[tuple[int, Capital], table.CapitalHolding]:
    found: dict[tuple[int, Capital], table.CapitalHolding] = {}
    for start in range(0, len(ids), MATCHING_AT_ONCE):
        holdings = session.exec(
            select(table.CapitalHolding).where(
                col(table.CapitalHolding.stakeholder_id).in_(ids[start : start + MATCHING_AT_ONCE])
            )
        )
        found |= {(each.stakeholder_id, Capital(each.capital)): each for each in holdings}
    return found

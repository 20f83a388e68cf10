"""People of a map in the shape of a list of people, for ``convening.exports.people``."""

from collections.abc import Iterable

from convening.community import Stakeholder
from convening.imports.person_rows import PersonRow
from convening.vocabulary import Consent, PersonField


def rows(people: Iterable[Stakeholder]) -> list[PersonRow]:
    """One row a person, in their order, numbered from 2 as under a header.

    Reasons, sub-circles, ties and the day of a consent have no column in such a list and are left
    out. Who is reached through somebody whom the map does not know keeps the name that was written.
    """
    return [_row(number, person) for number, person in enumerate(people, 2)]


def _row(number: int, person: Stakeholder) -> PersonRow:
    attributes = dict(person.attributes)
    written = attributes.pop(PersonField.REACHED_THROUGH, "")
    return PersonRow(
        row=number,
        name=person.name,
        organisation=person.organisation,
        place=person.place,
        email=person.email,
        phone=person.phone,
        groups=frozenset(person.groups),
        capitals=person.capitals,
        relationship=person.relationship,
        money=person.money,
        reached_through=person.reached_through.name if person.reached_through else written,
        consent=None if person.consent is Consent.UNKNOWN else person.consent,
        minor=person.minor or None,
        note=person.note,
        attributes=attributes,
    )

"""The briefing on paper: what stands on it, in both directions, and that user text stays text."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from convening.briefing import brief
from convening.convenings import AtStake
from convening.exports import briefing, typesetting
from convening.exports.briefing import Sheet
from convening.i18n import Translator
from convening.visits import Visit
from convening.vocabulary import (
    Consent,
    Group,
    InvitationStatus,
    Language,
    Money,
    Need,
    OrganisationKind,
    Stake,
    Support,
)
from tests.convening.exports.test_run_sheet import HOSTILE
from tests.convening.test_briefing import guest
from tests.convening.test_convenings import MEETING

ENGLISH, ARABIC = Translator(Language.ENGLISH), Translator(Language.ARABIC)
S = InvitationStatus
STEWARD, GATEWAY, INFLUENCER = Group
GUESTS = (
    guest(
        1,
        "Noor",
        STEWARD,
        came_before=0,
        needs=(Need.INTERPRETATION, Need.DIET),
        needs_note="no nuts",
        support=(Support.INTERPRETATION,),
        barriers="No bus after eight",
        organisation="Savings circle",
    ),
    guest(2, "Omar", GATEWAY, money=Money.GRANTEE, organisation="Open Door"),
    guest(3, "Ola", GATEWAY, money=Money.GRANTEE, organisation="Open Door", status=S.INVITED),
    guest(4, "Pseudonym", STEWARD, minor=True, consent=Consent.GUARDIAN),
    guest(5, "Sami", status=S.DECLINED, declined_because="Works at night"),
    guest(6, "Funder", INFLUENCER, organisation_kind=OrganisationKind.FOUNDATION),
    guest(7, ""),
)
STAKES = (AtStake(Stake.COULD_BLOCK, "The mayor", 9, S.ACCEPTED),)
VISITS = (
    Visit(1, 1, "Noor", "Amal", date(2026, 3, 1), None, "Ask about\nthe rent", 1),
    Visit(2, 2, "Omar", "Bob", None, datetime(2026, 2, 27, tzinfo=UTC), "", 1),
)
SHEET = Sheet(
    initiative="Renewal",
    stage="Pilot",
    convening=replace(
        MEETING,
        tensions="The rents were raised.\n\nIn May.",
        promise="You get the minutes",
        promise_by=date(2026, 3, 9),
    ),
    briefing=brief(GUESTS, STAKES),
    guests=GUESTS,
    visits=VISITS,
)


def lines(name: str) -> list[str]:
    found = {
        each.name: each for each in briefing.sections(SHEET.briefing, SHEET.convening, ENGLISH)
    }
    return list(found[name].lines)


def test_each_section_says_its_part() -> None:
    assert lines("tense") == [
        "The rents were raised.",
        "In May.",
        "Could block it: The mayor: Accepted",
    ]
    assert lines("first_time") == ["Noor · Savings circle · ● steward"]
    assert lines("money") == ["Grantee · Open Door: Ola and Omar", "From a foundation: Funder"]
    assert lines("interpreters") == ["Needed by 1: Noor", "Offered to 1: Noor"]
    assert lines("needs") == [
        "Noor: Asks for: Interpretation and Special diet · no nuts"
        " · In the way: No bus after eight · Offered: Interpretation"
    ]
    assert lines("minors") == ["Pseudonym: a guardian has agreed"]
    assert lines("unanswered") == ["Ola · Open Door · ■ gateway"]
    assert lines("declined") == ["Sami: Works at night"]


def test_an_empty_section_is_left_out() -> None:
    found = briefing.sections(brief([guest(1, "Noor")]), MEETING, ENGLISH)
    assert found == []


def test_a_long_list_ends_with_how_many_there_are_besides() -> None:
    many = [guest(n, f"Guest {n}", status=S.DECLINED) for n in range(1, 6)]
    found = {
        most: briefing.sections(brief(many, ()), MEETING, ENGLISH, most)[-1].lines
        for most in (None, 5, 3)
    }
    assert found[None] == found[5] == tuple(f"Guest {n}" for n in range(1, 6))
    assert found[3] == (
        "Guest 1",
        "Guest 2",
        "Guest 3",
        "And 2 people more, in the printed briefing",
    )


def test_visits_say_what_came_of_them() -> None:
    assert briefing.visits_section(VISITS, ENGLISH).lines == (
        "Noor, by Amal. Planned for Sun 1 Mar 2026. Ask about the rent",
        "Omar, by Bob. Held.",
    )


def test_the_sheet_says_whom_it_is_for_what_was_promised_and_who_comes() -> None:
    content = briefing.content(SHEET, ENGLISH)
    assert content["answer"] == "4 have said yes, 1 has not answered, 1 has declined."
    assert content["words"]["team_only"].startswith("For the team only.")
    assert ["Promised", "You get the minutes (by Mon 9 Mar 2026)"] in content["facts"]
    assert content["people"] == [
        ["Noor", "Savings circle", "● steward", "first time and see needs"],
        ["Omar", "Open Door", "■ gateway", ""],
        ["Ola", "Open Door", "■ gateway", "no answer yet"],
        ["Pseudonym", "", "● steward", ""],
        ["Funder", "", "▲ influencer", ""],
    ]


@pytest.mark.parametrize("t", [ENGLISH, ARABIC], ids=["en", "ar"])
def test_the_same_sheet_gives_the_same_pdf(t: Translator) -> None:
    first = briefing.write(SHEET, t)
    assert first.startswith(b"%PDF-")
    assert first == briefing.write(SHEET, t)


def test_what_people_wrote_is_set_as_it_stands_and_never_run() -> None:
    guests = (
        guest(1, HOSTILE, STEWARD, needs_note=HOSTILE, barriers=HOSTILE, organisation=HOSTILE),
        guest(2, HOSTILE, status=S.DECLINED, declined_because=HOSTILE),
    )
    meeting = replace(MEETING, title=HOSTILE, purpose=HOSTILE, tensions=HOSTILE, promise=HOSTILE)
    visit = replace(VISITS[0], name=HOSTILE, visitor=HOSTILE, note=HOSTILE)
    sheet = Sheet(HOSTILE, HOSTILE, meeting, brief(guests), guests, (visit,))
    assert briefing.write(sheet, ENGLISH).startswith(b"%PDF-")


def test_a_large_room_goes_on_on_further_pages() -> None:
    many = tuple(guest(n, f"Person {n}", STEWARD) for n in range(120))
    content = briefing.content(replace(SHEET, guests=many, briefing=brief(many)), ENGLISH)
    assert len(typesetting.pages_as_png(briefing.TEMPLATE, content, ENGLISH)) == 4

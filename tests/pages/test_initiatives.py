"""The screen of initiatives: what each role finds on it, and what saving changes."""

import pytest
from sqlmodel import Session

from convening.vocabulary import Group, Role
from db.queries import accounts
from db.tables.community import GroupName
from tests import builders
from tests.pages.site import Site


@pytest.fixture
def people(site: Site) -> builders.People:
    with site.writing() as session:
        found = builders.people(session)
        _stage(session, found.initiative_id)
    return found


def _stage(session: Session, initiative_id: int) -> None:
    targets = dict.fromkeys(Group, (0.2, 0.5))
    builders.stage(session, initiative_id, targets=targets)
    session.add(GroupName(initiative_id=initiative_id, group="steward", name="residents"))


def shown(site: Site) -> str:
    app = site.run("initiatives", chosen_initiative=1)
    assert not app.exception
    texts = [*app.text, *app.caption, *app.markdown, *app.header, *app.subheader]
    return "\n".join(each.value for each in texts)


def test_the_target_of_a_stage_is_told_with_the_names_of_the_team(
    site: Site, people: builders.People
) -> None:
    site.sign_in(people.alice)
    said = shown(site).replace("\\", "").replace("\u2060", "")
    assert "Target: residents 20% to 50%, gateways 20% to 50% and influencers 20% to 50%" in said
    assert "Elsewhere" not in said


@pytest.mark.usefixtures("people")
def test_an_organiser_without_an_initiative_is_offered_the_first_step(site: Site) -> None:
    with site.writing() as session:
        newcomer = builders.user(session, "Erin", Role.ORGANISER)
        actor = accounts.actor(session, newcomer)
    site.sign_in(actor)
    app = site.run("initiatives")
    assert [each.label for each in app.button if each.key == "initiatives_first"] == [
        "Create the first initiative"
    ]


def test_whoever_cannot_create_one_is_told_who_adds_them(
    site: Site, people: builders.People
) -> None:
    site.sign_in(people.dana)
    assert "an organiser who manages one can add you" in shown(site)

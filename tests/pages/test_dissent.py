"""The ledger on the screen: what each role is shown, how a view is logged and answered."""

from typing import Any

import pytest
from sqlmodel import Session, select
from streamlit.testing.v1 import AppTest

from convening.dissent_drafts import ResponseDraft
from convening.ledger import DissentId
from convening.roles import Actor
from convening.vocabulary import (
    Attribution,
    DissentState,
    Group,
    NoteState,
    Outcome,
    ReplyChannel,
)
from db.commands import dissent, keeper, responses
from db.queries import dissent as reading
from db.tables.understanding import DissentingView, DissentResponse
from pages.components import going
from tests import dissent_world
from tests.dissent_world import World, note
from tests.pages.screens import Screens, component, errors, ran, texts


@pytest.fixture
def world(screens: Screens) -> World:
    """Seen by Alice, who organises."""
    found = screens.build(dissent_world.world)
    screens.enter(found.people.alice.user_id)
    return found


def log(screens: Screens, world: World, **changes: Any) -> int:
    made = screens.build(_logged, world, changes)
    assert isinstance(made, int)
    return made


def _logged(session: Session, world: World, changes: dict[str, Any]) -> DissentId:
    return dissent.record_dissent(session, world.people.bob, world.draft(**changes))


def state(screens: Screens, world: World, dissent_id: DissentId) -> DissentState:
    found = screens.read(lambda s: reading.entry(s, world.people.alice, dissent_id))
    return found.state


def opened(screens: Screens, actor: Actor, dissent_id: DissentId) -> AppTest:
    """The dialog of a view, as this viewer sees it."""
    screens.enter(actor.user_id)
    app = AppTest.from_function(_entry, default_timeout=30, args=(dissent_id,))
    return ran(app.run())


def _entry(dissent_id: int) -> None:
    from db import queries
    from pages.components import access, chosen, dissent_entry, language, store

    viewer = access.viewer()
    assert viewer is not None
    chosen.choose_initiative(1)
    initiative = store.read(queries.initiatives.initiative, 1)
    dissent_entry.show(dissent_id, viewer.actor, initiative, language.translator())


def ledger(screens: Screens, world: World) -> AppTest:
    return ran(screens.run("dissent", chosen_initiative=world.initiative_id))


def keys(app: AppTest) -> set[str]:
    return {each.key for each in app.button if each.key}


def test_an_empty_ledger_asks_who_would_see_it_otherwise(screens: Screens, world: World) -> None:
    assert world
    app = ledger(screens, world)
    assert [each.value for each in app.header] == ["Nobody has dissented yet"]
    assert "dissent_primary" in keys(app)


def test_the_ledger_says_first_what_waits(screens: Screens, world: World) -> None:
    log(screens, world)
    second = log(screens, world, statement="Second")
    stands = ResponseDraft(Outcome.STANDS, "We cannot")
    screens.build(responses.respond, world.people.alice, second, stands)
    app = ledger(screens, world)
    waits = "1 waits for an answer. 1 waits for the team to ask its owner, or to sign."
    assert f"2 views were raised. {waits}" in texts(app)
    [table] = [each.value for each in app.dataframe if "What was said" in each.value.columns]
    assert sorted(table["What was said"]) == ["Rents rise", "Second"]


def test_the_list_is_narrowed_by_group(screens: Screens, world: World) -> None:
    log(screens, world)
    log(screens, world, statement="Gateway", groups=frozenset({Group.GATEWAY}))
    app = ledger(screens, world)
    app.selectbox(key="dissent_group_0").select_index(2)
    app = ran(app.run())
    [table] = [each.value for each in app.dataframe if "What was said" in each.value.columns]
    assert list(table["What was said"]) == ["Gateway"]
    [states] = app.button_group
    assert states.options == ["Not answered yet 1"]
    app.button(key="dissent_clear").click()
    app = ran(app.run())
    [table] = [each.value for each in app.dataframe if "What was said" in each.value.columns]
    assert len(table) == 2
    assert "dissent_clear" not in keys(app)


def test_a_link_to_a_view_opens_it_once(screens: Screens, world: World) -> None:
    first = log(screens, world)
    log(screens, world, statement="Second")
    app = AppTest.from_function(_linked, default_timeout=30, args=(world.initiative_id,))
    app.query_params["entry"] = str(first)
    assert texts(ran(app.run())) == [str(first)]
    assert "entry" not in app.query_params
    assert texts(ran(app.run())) == ["None"]


@pytest.mark.parametrize("entry", ["", "0", "9" * 40, "x", "²"])
def test_a_link_to_no_view_says_so(screens: Screens, world: World, entry: str) -> None:
    log(screens, world)
    app = AppTest.from_function(_linked, default_timeout=30, args=(world.initiative_id,))
    app.query_params["entry"] = entry
    app = ran(app.run())
    assert texts(app) == ["None"]
    assert len(app.info) == 1


def _linked(initiative_id: int) -> None:
    import streamlit as st

    from db import queries
    from pages.components import dissent_list, language, store

    entries, _ = store.read(queries.dissent.overview, initiative_id)
    st.text(dissent_list.asked(entries, language.translator()))


def test_home_tells_the_keeper_what_waits(
    screens: Screens, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(going, "link", lambda *_, **__: None)  # a link needs the whole site
    screens.enter(world.kim.user_id)
    nothing = "You keep the dissent of others. Nothing waits for you today."
    assert nothing in texts(ran(screens.open("home")))
    screens.build(lambda session: note(session, world, state=NoteState.HELD))
    app = component(home)
    assert "1 anonymous note waits to be released" in texts(app)


def home() -> None:
    """The part of home about dissent."""
    from pages.components import access, home_dissent, language

    viewer = access.viewer()
    assert viewer is not None
    home_dissent.show(viewer, language.translator())


def test_leadership_is_shown_counts_and_no_words(screens: Screens, world: World) -> None:
    log(screens, world)
    screens.enter(world.people.dana.user_id)
    app = ledger(screens, world)
    assert "Fewer than five views were raised." in texts(app)
    assert not any("Rents rise" in each for each in texts(app))
    grids = [*app.dataframe, *app.table]
    assert "What was said" not in {name for each in grids for name in each.value.columns}


def test_the_organiser_learns_that_notes_wait_and_the_keeper_reads_them(
    screens: Screens, world: World
) -> None:
    screens.build(lambda session: note(session, world, state=NoteState.HELD))
    app = ledger(screens, world)
    assert "I am afraid" not in texts(app)
    assert any("Kim, who keeps the dissent" in each for each in texts(app))
    screens.enter(world.kim.user_id)
    app = ledger(screens, world)
    assert "I am afraid" in texts(app)
    [release] = [each for each in keys(app) if each.startswith("dissent_release_")]
    app.button(key=release).click().run()
    app.button(key=release).click()
    ran(app.button(key="confirm_yes").click().run())
    screens.enter(world.people.alice.user_id)
    assert "1 view was raised. 1 waits for an answer." in texts(ledger(screens, world))


def test_the_team_is_shown_who_broke_the_glass(screens: Screens, world: World) -> None:
    screens.build(keeper.break_glass, world.ada, world.initiative_id, "A complaint")
    [warning] = ledger(screens, world).warning
    assert warning.value.startswith("Ada is not on the team and can read its dissent")
    assert "A complaint" in warning.value


def logging(**query: str) -> AppTest:
    """The dialog with which a view is logged, at an address."""

    def body() -> None:
        from db import queries
        from pages.components import dissent_log, language, state, store

        if state.get("dissent_uuid") is None:
            state.put("dissent_uuid", "11111111-1111-4111-8111-111111111111")
        t = language.translator()
        initiative = store.read(queries.initiatives.initiative, 1)
        found = store.read(queries.definitions.listing, 1)
        dissent_log.receipt(t)
        dissent_log.form(initiative, found, True, t)

    app = AppTest.from_function(body, default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    return ran(app.run())


def test_a_view_is_about_the_version_from_which_somebody_came(world: World) -> None:
    app = logging()
    assert app.selectbox(key="dissent_version").value == world.versions[1]
    app = logging(definition=str(world.definition_id), version="1")
    assert app.selectbox(key="dissent_version").value == world.versions[0]


def test_a_view_is_logged_with_a_receipt_code_that_is_shown_once(
    screens: Screens, world: World
) -> None:
    app = logging()
    app.text_area(key="dissent_statement").set_value("Nobody asked")
    app.button_group(key="dissent_groups").set_value([Group.STEWARD])
    app.checkbox(key="dissent_with_receipt").check()
    app = ran(app.run())
    app = ran(app.button(key="dissent_log_do").click().run())
    row = screens.read(lambda session: session.exec(select(DissentingView)).one())
    assert (row.statement, row.groups, row.attribution) == (
        "Nobody asked",
        ["steward"],
        Attribution.GROUP_ONLY.value,
    )
    assert row.receipt_hash is not None
    assert row.version_id == world.versions[1]
    assert [len(each.value) for each in app.code] == [14]
    app = ran(app.button(key="dissent_receipt_noted").click().run())
    assert len(app.code) == 0


def test_what_is_missing_is_told_beside_the_form(screens: Screens, world: World) -> None:
    assert world
    app = ran(logging().button(key="dissent_log_do").click().run())
    assert errors(app) == [
        "What was said\\: Please fill this in\\.",
        "Groups\\: Please fill this in\\.",
    ]
    assert screens.read(lambda session: session.exec(select(DissentingView)).all()) == []


def test_the_organiser_answers_and_cannot_say_that_it_answers(
    screens: Screens, world: World
) -> None:
    made = log(screens, world)
    app = opened(screens, world.people.alice, made)
    app.button_group(key="dissent_outcome").set_value(Outcome.STANDS)
    app = ran(app.run())
    app.text_area(key="dissent_rationale").set_value("The rent is not in our hands.")
    ran(app.button(key="dissent_respond_send").click().run())
    row = screens.read(lambda session: session.exec(select(DissentResponse)).one())
    assert (row.outcome, row.rationale) == ("stands", "The rent is not in our hands.")
    assert not {"dissent_reply_yes", "dissent_strike"} & keys(
        opened(screens, world.people.alice, made)
    )


def test_where_no_later_version_is_open_nothing_can_take_a_view_up(
    screens: Screens, world: World
) -> None:
    app = opened(screens, world.people.alice, log(screens, world))
    app.button_group(key="dissent_outcome").set_value(Outcome.INCORPORATED)
    app = ran(app.run())
    assert [each.value[:29] for each in app.info] == ["No later version is open yet."]
    assert not {"dissent_rationale", "dissent_respond_send"} & keys(app)


def test_the_facilitator_notes_what_the_owner_says(screens: Screens, world: World) -> None:
    made = log(screens, world)
    stands = ResponseDraft(Outcome.STANDS, "We cannot")
    screens.build(responses.respond, world.people.alice, made, stands)
    app = opened(screens, world.people.bob, made)
    assert "dissent_respond_send" not in keys(app)
    ran(app.button(key="dissent_asked").click().run())
    assert state(screens, world, made) is DissentState.ASKED
    app = opened(screens, world.people.bob, made)
    assert any("Time to reply" in each.value for each in app.caption)
    ran(app.button(key="dissent_reply_no").click().run())
    assert state(screens, world, made) is DissentState.REOPENED


def test_a_reply_that_was_noted_for_its_owner_can_be_mended(screens: Screens, world: World) -> None:
    made = log(screens, world)
    stands = ResponseDraft(Outcome.STANDS, "We cannot")
    screens.build(responses.respond, world.people.alice, made, stands)
    screens.build(responses.note_reply, world.people.bob, made, True)
    assert "dissent_reply_no" not in keys(opened(screens, world.people.alice, made))
    ran(opened(screens, world.people.bob, made).button(key="dissent_reply_no").click().run())
    assert state(screens, world, made) is DissentState.REOPENED
    screens.build(_by_receipt, made)
    mended = keys(opened(screens, world.people.bob, made))
    assert not {"dissent_reply_yes", "dissent_reply_no"} & mended


def _by_receipt(session: Session, dissent_id: int) -> None:
    """As if the owner had replied with a receipt code: nobody else changes that."""
    row = session.exec(select(DissentResponse).where(DissentResponse.view_id == dissent_id)).one()
    row.answered_by = ReplyChannel.RECEIPT.value


def test_the_owner_replies_and_withdraws_alone(screens: Screens, world: World) -> None:
    made = log(screens, world, own=True, attribution=Attribution.NAMED)
    stands = ResponseDraft(Outcome.STANDS, "We cannot")
    screens.build(responses.respond, world.people.alice, made, stands)
    others = keys(opened(screens, world.kim, made))
    assert not {"dissent_reply_yes", "dissent_withdraw", "dissent_publish_yes"} & others
    app = opened(screens, world.people.bob, made)
    ran(app.button(key="dissent_publish_yes").click().run())
    app = opened(screens, world.people.bob, made)
    ran(app.button(key="dissent_withdraw").click().run())
    assert state(screens, world, made) is DissentState.WITHDRAWN


def test_the_owner_changes_a_reply_until_a_version_is_adopted_with_it(
    screens: Screens, world: World
) -> None:
    made = log(screens, world, own=True, attribution=Attribution.NAMED)
    stands = ResponseDraft(Outcome.STANDS, "We cannot")
    screens.build(responses.respond, world.people.alice, made, stands)
    ran(opened(screens, world.people.bob, made).button(key="dissent_reply_no").click().run())
    assert state(screens, world, made) is DissentState.REOPENED
    app = opened(screens, world.people.bob, made)
    assert "dissent_reply_no" not in keys(app)
    ran(app.button(key="dissent_reply_yes").click().run())
    assert state(screens, world, made) is DissentState.CONFIRMED
    screens.build(lambda session: dissent_world.adopted(session, world.versions[1]))
    sealed = keys(opened(screens, world.people.bob, made))
    assert not {"dissent_reply_no", "dissent_withdraw", f"dissent_strike_do_{made}"} & sealed


def test_two_people_sign_under_a_view_whose_owner_said_no_twice(
    screens: Screens, world: World
) -> None:
    made = log(screens, world, own=True, attribution=Attribution.NAMED)
    for _ in range(2):
        stands = ResponseDraft(Outcome.STANDS, "We cannot")
        screens.build(responses.respond, world.people.alice, made, stands)
        screens.build(responses.note_reply, world.people.bob, made, False)
    assert "dissent_sign" not in keys(opened(screens, world.people.bob, made))
    for actor in (world.people.alice, world.kim):
        ran(opened(screens, actor, made).button(key="dissent_sign").click().run())
        assert "dissent_sign" not in keys(opened(screens, actor, made))
    assert state(screens, world, made) is DissentState.STILL_NO


def test_a_wrong_entry_is_struck_through_with_its_reason(screens: Screens, world: World) -> None:
    made = log(screens, world)
    app = opened(screens, world.people.bob, made)
    app.text_input(key=f"dissent_strike_why_{made}").set_value("Misheard")
    ran(app.button(key=f"dissent_strike_do_{made}").click().run())
    app = opened(screens, world.people.alice, made)
    assert [each.value for each in app.warning] == ["Struck through\\: Misheard"]
    assert keys(app) == set()


def test_an_administrator_reads_a_foreign_ledger_after_giving_a_reason(
    screens: Screens, world: World
) -> None:
    log(screens, world)
    screens.enter(world.ada.user_id)
    app = ran(screens.open("glass"))
    assert "Rents rise" not in texts(app)
    app.selectbox(key="glass_initiative").set_value(world.initiative_id)
    app = ran(app.run())
    app.text_input(key="glass_reason").set_value("A complaint")
    next(each for each in app.button if each.form_id).click()
    app = ran(app.run())
    assert "Rents rise" in texts(app)

"""Remarks on the product: the entry at the foot of each screen, and the administrators' list."""

from streamlit.testing.v1 import AppTest

from convening.feedback import FeedbackDraft
from convening.i18n import Translator
from convening.vocabulary import FeedbackState, Language, Role
from db.commands import feedback
from db.queries.accounts import actor
from db.queries.feedback import everything
from db.tables.mail import Feedback
from pages.components.feedback_list import as_csv
from tests import builders
from tests.pages.screens import Screens, component, errors, ran, texts


def remark(screens: Screens, user_id: int, screen: str, expected: str) -> int:
    return screens.build(
        lambda session: feedback.give_feedback(
            session, actor(session, user_id), FeedbackDraft(screen, Language.ENGLISH, expected)
        )
    )


def entry() -> None:
    from pages.components import access, feedback_give, language

    found = access.viewer()
    assert found is not None
    feedback_give.entry("balance", found, language.translator())


def send(app: AppTest) -> AppTest:
    """Submits the dialog: the run has to open it again first."""
    next(each for each in app.button if each.form_id).click()
    return ran(app.button(key="feedback_give").click().run())


def stored(screens: Screens) -> list[tuple[str, str, str]]:
    """Every remark, as Ada reads it: the first user of these tests."""
    found = screens.read(lambda session: everything(session, actor(session, 1)))
    return [(each.who, each.screen, each.expected) for each in found]


def test_a_remark_is_given_on_the_screen_that_it_is_about(screens: Screens, ada: int) -> None:
    assert ada == 1
    app = component(entry)
    app = ran(app.button(key="feedback_give").click().run())
    assert "We keep your words, the screen (Balance)" in app.caption[0].value
    app.text_area(key="feedback_expected").set_value("Names first")
    send(app)
    assert stored(screens) == [("Ada", "balance", "Names first")]


def test_an_empty_remark_is_not_kept(screens: Screens, ada: int) -> None:
    assert ada
    app = ran(component(entry).button(key="feedback_give").click().run())
    assert errors(send(app)) == ["In your words\\: Please fill this in\\."]
    assert stored(screens) == []


def test_somebody_without_a_role_finds_no_entry(screens: Screens) -> None:
    screens.enter(screens.build(builders.user, "Nobody"))
    assert [each.key for each in component(entry).button] == []


def test_the_list_is_for_administrators(screens: Screens, ada: int) -> None:
    remark(screens, ada, "door", "Secret remark")
    screens.enter(screens.build(builders.user, "Olga", Role.ORGANISER))
    app = ran(screens.open("feedback"))
    assert "Secret remark" not in texts(app)


def test_an_empty_list_says_where_remarks_come_from(screens: Screens, ada: int) -> None:
    assert ada
    app = ran(screens.open("feedback"))
    assert [each.value for each in app.header] == ["Nobody has left a remark yet"]


def test_the_list_is_narrowed_by_screen_and_state(screens: Screens, ada: int) -> None:
    remark(screens, ada, "door", "Names first")
    remark(screens, ada, "home", "A map\nof the day")
    app = ran(screens.open("feedback"))
    assert texts(app) == [
        "2 remarks; 2 open, 0 where something helped.",
        "A map",
        "of the day",
        "Names first",
    ]
    app.selectbox(key="feedback_screen").select_index(1)
    assert texts(ran(app.run()))[1:] == ["Names first"]
    app.selectbox(key="feedback_state").select_index(3)
    app = ran(app.run())
    assert [each.value for each in app.info] == ["No remark fits these filters."]


def test_what_was_tried_is_noted_and_whether_it_helped(screens: Screens, ada: int) -> None:
    first = remark(screens, ada, "door", "Names first")
    app = ran(screens.open("feedback"))
    opener = f"follow_up_{first}"
    app = ran(app.button(key=opener).click().run())
    app.selectbox(key="follow_up_state").set_value(FeedbackState.HELPED)
    app.text_area(key="follow_up_tried").set_value("They stand first")
    next(each for each in app.button if each.form_id).click()
    ran(app.button(key=opener).click().run())
    row = screens.read(lambda session: session.get_one(Feedback, first))
    assert (row.state, row.tried, row.version) == ("helped", "They stand first", 2)


def test_a_remark_is_deleted(screens: Screens, ada: int) -> None:
    first = remark(screens, ada, "door", "Somebody's name")
    app = ran(screens.open("feedback"))
    app = ran(app.button(key=f"follow_up_{first}").click().run())
    app.button(key="remark_delete").click()
    ran(app.button(key=f"follow_up_{first}").click().run())
    assert stored(screens) == []


def test_the_export_holds_no_formula(screens: Screens, ada: int) -> None:
    remark(screens, ada, "door", "=1+1")
    found = screens.read(lambda session: everything(session, actor(session, ada)))
    lines = as_csv(found, Translator(Language.ENGLISH)).decode("utf-8-sig").splitlines()
    assert lines[0] == "When,By whom,Screen,Language,Expected,State,What was tried"
    assert lines[1].split(",")[1:] == ["Ada", "The day", "English", "'=1+1", "Open", ""]

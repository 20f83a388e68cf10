"""The team of an initiative, as its managers and its members see it."""

from db.queries import accounts
from tests import builders
from tests.pages.screens import Screens, component, errors, ran


class TestTeam:
    def test_a_manager_sees_the_team_and_whom_to_add(self, screens: Screens) -> None:
        people = screens.build(builders.people)
        screens.enter(people.alice.user_id)
        app = component(_team)
        assert [each.value for each in app.markdown if each.value.startswith("**")] == [
            "**Alice**",
            "**Bob**",
        ]
        who = next(each for each in app.selectbox)
        assert who.options == ["Charlie", "Dana"]

    def test_the_last_manager_is_asked_who_comes_next(self, screens: Screens) -> None:
        people = screens.build(builders.people)
        screens.enter(people.alice.user_id)
        app = component(_team)
        ran(app.button(key="team_leave").click().run())
        assert len(errors(app)) == 1
        assert people.initiative_id in screens.read(accounts.actor, people.alice.user_id).teams

    def test_a_member_sees_the_team_changes_nothing_and_may_leave(self, screens: Screens) -> None:
        people = screens.build(builders.people)
        screens.enter(people.bob.user_id)
        app = component(_team)
        assert [each.key for each in app.button] == ["team_leave"]
        app.button(key="team_leave").click().run()
        assert screens.read(accounts.actor, people.bob.user_id).teams == {}


def _team() -> None:
    from pages.components import access, language, team

    viewer = access.require("account")
    if viewer.actor.teams:
        team.show(min(viewer.actor.teams), viewer, language.translator())

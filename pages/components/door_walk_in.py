"""The dialog that notes whoever came without an invitation."""

import streamlit as st

from convening.community import PersonDraft
from convening.i18n import Translator
from convening.invitations import Invited
from convening.vocabulary import Part
from db.commands import door, invitations
from pages.components import choices, door_desk, forms, person_picker
from pages.components.door_desk import Desk


def ask(desk: Desk, t: Translator) -> None:
    """Somebody of the map, or, for those who may put people on it, somebody quite new."""

    @st.dialog(t("door.walk_in"))
    def dialog() -> None:
        new = False
        if desk.maps:
            new = st.radio(
                t("door.walk_in_who"),
                [False, True],
                format_func=lambda each: t("door.not_on_map" if each else "door.on_map"),
                key="walk_in_new",
            )
        done = _new(desk, t) if new else _of_map(desk, t)
        if done is not None:
            name, found = done
            door_desk.finish(t("door.is_here", name=name), found.placed[0])

    dialog()


def _of_map(desk: Desk, t: Translator) -> tuple[str, Invited] | None:
    meeting = desk.facts.meeting
    invited = [each.invitation.stakeholder_id for each in desk.facts.guests]
    person = person_picker.pick(
        t("door.walk_in_person"),
        meeting.initiative_id,
        t,
        key="walk_in",
        without=[each for each in invited if each is not None],
    )
    part = choices.one(t("invitees.part"), Part, Part.TAKING_PART, t, key="walk_in_part")
    if not desk.maps:
        st.caption(t("door.not_on_map_help"))
    if not st.button(t("door.note_here"), type="primary", key="walk_in_yes"):
        return None
    if person is None:
        st.error(t("problem.nobody_chosen"))
        return None
    found = forms.submit(invitations.add_walk_ins, meeting.id, [person.id], part, t=t)
    return None if found is None else (person.name, found)


def _new(desk: Desk, t: Translator) -> tuple[str, Invited] | None:
    """The groups are asked later, in peace; the name is enough at a door."""
    with st.form(key="walk_in_form", border=False):
        draft = PersonDraft(
            name=st.text_input(t("invitees.name"), key="walk_in_name"),
            organisation=st.text_input(t("invitees.organisation"), key="walk_in_organisation"),
        )
        part = choices.one(t("invitees.part"), Part, Part.TAKING_PART, t, key="walk_in_new_part")
        saved = st.form_submit_button(t("door.note_here"), type="primary")
    if not saved:
        return None
    found = forms.submit(door.add_new_walk_in, desk.facts.meeting.id, draft, part, t=t)
    return None if found is None else (draft.name, found)

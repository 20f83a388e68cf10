"""Preparing a room, opening it, what is on the wall, and closing it."""

from collections.abc import Collection

import streamlit as st

from convening import anonymity
from convening.i18n import Translator
from convening.invitations import check_in_open
from convening.problems import ConveningError
from convening.room_entries import QUESTION_LENGTH
from convening.rooms import Room, RoomSnapshot
from convening.vocabulary import NoteRelease, RoomState, StatementState, VersionState
from db import room_closing, room_codes
from db.commands import room as commands
from pages.components import forms, going, state, store
from pages.components.markdown import bold, escape
from pages.components.room_desk import Desk, again

_ASKS = "room_asks_to_close"


def first(desk: Desk, t: Translator) -> None:
    """What the room is for, while there is none."""
    with st.container(border=True, key="room_empty"):
        st.header(t("room.empty"), anchor=False)
        st.text(t("room.empty_help"))
        if (
            st.button(t("room.prepare"), type="primary", key="room_prepare")
            and forms.submit(commands.prepare_room, desk.id, t=t) is not None
        ):
            forms.saved_here(t)
            again()


def before(desk: Desk, room: Room, t: Translator) -> None:
    """The last step before people come in: what becomes of notes cannot be changed afterwards."""
    people = desk.snapshot.present.people
    with st.container(border=True, key="room_before"):
        st.markdown(bold(t("room.here_now", count=people)))
        st.text(t(f"room.release_{anonymity.release(people)}"))
        st.text(t("room.release_fixed"))
        meeting = desk.snapshot.meeting
        if check_in_open(meeting, desk.now):
            label = t("room.to_door")
            going.link("door", label, initiative=meeting.initiative_id, convening=meeting.id)
        else:
            st.text(t("room.door_later"))
    settings(desk, room, t)


def settings(desk: Desk, room: Room, t: Translator) -> None:
    """The question, the version in hand, the statements that are voted on. A room that is not open
    yet opens with what stands in the fields, where the only candidates stand to begin with."""
    snapshot = desk.snapshot
    preparing = room.state is RoomState.PREPARING
    with st.form(f"room_settings_{room.id}", border=True):
        question = st.text_input(
            t("room.question"),
            value=room.question,
            max_chars=QUESTION_LENGTH,
            help=t("room.question_help"),
            key=f"room_question_{room.version}",
        )
        version = _version(snapshot, room, t)
        conversation = _conversation(snapshot, room, t)
        with st.container(horizontal=True):
            save = st.form_submit_button(t("common.save"), key="room_save")
            opens = preparing and st.form_submit_button(
                t("room.open"), type="primary", key="room_open"
            )
        if (save or opens) and _saved(desk, room, question or "", version, conversation, t):
            people = snapshot.present.people
            if opens and anonymity.release(people) is NoteRelease.NOT_OFFERED:
                _ask_to_open(desk, people, t)
            elif not opens or forms.submit(commands.open_room, desk.id, t=t) is not None:
                forms.saved_here(t)
                again()
    if not snapshot.versions:
        label = t("room.to_definition")
        going.link("definition", label, initiative=snapshot.meeting.initiative_id)


def newer(desk: Desk, t: Translator) -> None:
    """That a later version is in discussion than the one in hand, while people speak of that."""
    version = desk.snapshot.newer
    if version is None:
        return
    with st.container(border=True, key="room_newer"):
        st.text(t("room.newer", title=version.title, number=version.number))
        if (
            st.button(t("room.take_newer", number=version.number), key="room_take_newer")
            and forms.submit(commands.choose_version, desk.id, version.id, t=t) is not None
        ):
            forms.saved_here(t)
            again()


def _version(snapshot: RoomSnapshot, room: Room, t: Translator) -> int | None:
    versions: dict[int | None, str] = {None: t("room.no_version")}
    versions |= {each.id: f"{each.title} · {each.number}" for each in snapshot.versions}
    preparing = room.state is RoomState.PREPARING
    usual = room.version_id or (_only_version(snapshot) if preparing else None)
    return st.selectbox(
        t("room.version"),
        list(versions),
        index=_index(list(versions), usual),
        format_func=lambda each: versions[each],
        help=t("room.version_help"),
        key=f"room_version_{room.version}",
    )


def _conversation(snapshot: RoomSnapshot, room: Room, t: Translator) -> int | None:
    conversations: dict[int | None, str] = {None: t("room.no_conversation")}
    conversations |= dict(snapshot.conversations)
    preparing = room.state is RoomState.PREPARING
    usual = room.conversation_id or (_only(snapshot.held_here) if preparing else None)
    return st.selectbox(
        t("room.conversation"),
        list(conversations),
        index=_index(list(conversations), usual),
        format_func=lambda each: conversations[each],
        key=f"room_conversation_{room.version}",
    )


def ways_in(desk: Desk, room: Room, t: Translator) -> None:
    """The code to read out, and the wall that shows it large."""
    if not room.code:
        return
    with st.container(border=True, key="room_ways_in"):
        st.text(t("room.code"))
        st.code(room_codes.spaced(room.code), language=None)
        meeting = desk.snapshot.meeting
        label = t("room.to_wall")
        going.link("wall", label, initiative=meeting.initiative_id, convening=meeting.id)
        if room.release is not None:
            st.caption(t(f"room.release_{room.release}"))


def closing(desk: Desk, t: Translator) -> None:
    """The end of the room."""
    if st.button(t("room.close"), icon=":material/door_front:", key="room_close"):
        state.put(_ASKS, True)
        _ask_to_close(desk, t)


def after(desk: Desk, room: Room, t: Translator) -> None:
    """What the room has come to, once it is closed; somebody else may have closed it while this
    screen still asked."""
    if state.take(_ASKS):
        st.rerun()
    snapshot = desk.snapshot
    with st.container(border=True, key="room_after"):
        closed = desk.clock(room.closed_at, t) if room.closed_at else ""
        st.header(t("room.is_closed", time=closed), anchor=False)
        st.text(t("room.closed_help"))
        if any(each.state is StatementState.OPEN for each in snapshot.statements):
            st.text(t("room.votes_open"))
        if room.release is not NoteRelease.NOT_OFFERED and snapshot.notes.total:
            st.text(
                t(
                    "room.notes",
                    count=snapshot.notes.total,
                    released=len(snapshot.notes.released),
                )
            )
        meeting = snapshot.meeting
        with st.container(horizontal=True):
            for screen, label in (
                ("dissent", t("room.to_dissent")),
                ("opinion", t("room.to_opinion")),
                ("after", t("screen.after")),
            ):
                going.link(screen, label, initiative=meeting.initiative_id, convening=meeting.id)


def _saved(
    desk: Desk,
    room: Room,
    question: str,
    version_id: int | None,
    conversation_id: int | None,
    t: Translator,
) -> bool:
    """Whether what has changed is saved; what stands in its way is shown."""
    wanted = (
        (commands.set_question, question, room.question),
        (commands.choose_version, version_id, room.version_id),
        (commands.choose_conversation, conversation_id, room.conversation_id),
    )
    for command, new, old in wanted:
        if new != old and forms.submit(command, desk.id, new, t=t) is None:
            return False
    return True


def _ask_to_open(desk: Desk, people: int, t: Translator) -> None:
    """With so few, no note without a name is ever taken, and nothing changes that later."""
    said = [
        t("room.here_now", count=people),
        t(f"room.release_{NoteRelease.NOT_OFFERED}"),
        t("room.release_fixed"),
    ]
    label = t("room.open")
    forms.confirm(label, " ".join(said), label, commands.open_room, desk.id, t=t)


def _ask_to_close(desk: Desk, t: Translator) -> None:
    """Closing has its own transactions, so that the file is cleared once it is done."""

    @st.dialog(escape(t("room.close_title")))
    def ask() -> None:
        st.text(t("room.close_question"))
        with st.container(horizontal=True):
            sure = st.button(t("room.close_yes"), type="primary", key="room_close_yes")
            if st.button(t("common.cancel"), key="room_close_no"):
                st.rerun()
        if not sure:
            return
        state.take(_ASKS)
        try:
            store.run(room_closing.close, desk.id)
        except ConveningError as error:
            forms.problems(error.problems, t)
            return
        forms.saved(t, "forms.done")
        st.rerun()

    ask()


def _only_version(snapshot: RoomSnapshot) -> int | None:
    in_discussion = VersionState.IN_DISCUSSION
    return _only({each.id for each in snapshot.versions if each.state is in_discussion})


def _only(candidates: Collection[int]) -> int | None:
    return next(iter(candidates)) if len(candidates) == 1 else None


def _index(options: list[int | None], chosen: int | None) -> int:
    return options.index(chosen) if chosen in options else 0

"""Logging a view away from the live screen: one's own, or what was said in the corridor."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import streamlit as st

from convening.convenings import Convening
from convening.definitions import Definition
from convening.dissent import REASON_LENGTH, STATEMENT_LENGTH
from convening.dissent_drafts import DissentDraft
from convening.i18n import Translator
from convening.initiatives import Initiative
from convening.problems import NotFound
from convening.vocabulary import Attribution, DefinitionField, Group, Strength, VersionState
from db import queries, room_codes
from db.commands.dissent import record_dissent
from pages.components import choices, chosen, forms, person_picker, state, store
from pages.components.markdown import bold, escape
from pages.components.words import group_mark

_UUID, _RECEIPT = "dissent_uuid", "dissent_receipt"
_OWN, _THEIRS = "own", "theirs"


@dataclass(frozen=True)
class _Who:
    """Whose view it is, as it was filled in."""

    own: bool
    attribution: Attribution
    groups: frozenset[Group]
    person: int | None = None
    agreed: bool = False


def ask(
    initiative: Initiative, definitions: list[Definition], may_pick: bool, t: Translator
) -> None:
    """Opens the dialog. Its uuid is made when it opens, so that a second press logs nothing twice;
    ``may_pick`` people of the map."""
    state.put(_UUID, str(uuid4()))

    @st.dialog(t("dissent.log_title"), width="medium")
    def dialog() -> None:
        form(initiative, definitions, may_pick, t)

    dialog()


def open_versions(definitions: list[Definition], t: Translator) -> dict[int, str]:
    """What can be dissented from: versions that others have seen, the one in discussion first."""
    found = {}
    for definition in definitions:
        seen = [each for each in definition.versions if each.state is not VersionState.DRAFT]
        discussed = VersionState.IN_DISCUSSION
        for each in sorted(seen, key=lambda v: (v.state is not discussed, -v.number)):
            number = t("definition.number_state", number=each.number, state=each.state)
            found[each.id] = f"{definition.title} · {number}"
    return found


def receipt(t: Translator) -> None:
    """The receipt code of what was just logged, until it is put away: it is stored nowhere."""
    code = state.get(_RECEIPT)
    if code is None:
        return
    with st.container(border=True, key="dissent_receipt_box"):
        st.markdown(bold(t("dissent.receipt_shown")))
        st.code(room_codes.spaced(code), language=None)
        st.text(t("dissent.receipt_help"))
        if st.button(t("dissent.receipt_noted"), key="dissent_receipt_noted"):
            state.drop(_RECEIPT)
            st.rerun()


def form(
    initiative: Initiative, definitions: list[Definition], may_pick: bool, t: Translator
) -> None:
    """Everything that is asked of a view, and the button that logs it."""
    names = open_versions(definitions, t)
    version_id = st.selectbox(
        t("dissent.on_version"),
        list(names),
        index=list(names).index(asked) if (asked := _asked(definitions)) in names else 0,
        format_func=names.__getitem__,
        key="dissent_version",
    )
    text = _text(t)
    who = _who(initiative.id, may_pick, t)
    convening_id, afterwards = _where(who.own, t)
    code = _code(who, t)
    draft = DissentDraft(
        uuid=state.get(_UUID),
        version_id=version_id,
        attribution=who.attribution,
        groups=who.groups,
        convening_id=convening_id,
        stakeholder_id=who.person,
        own=who.own,
        agreed_to_name=who.agreed,
        afterwards=afterwards,
        receipt_code=code,
        **text,
    )
    problems = st.container()  # above the button, where whoever presses it looks
    if st.button(t("dissent.log_do"), type="primary", key="dissent_log_do"):
        with problems:
            logged = forms.submit(record_dissent, draft, t=t)
        if logged is not None:
            if code:
                state.put(_RECEIPT, code)
            forms.saved(t, "dissent.logged")
            st.rerun()


def _text(t: Translator) -> dict[str, Any]:
    """What is said, as fields of a draft."""
    strength = st.segmented_control(
        t("dissent.strength"),
        list(Strength),
        default=Strength.CONCERN,
        required=True,
        format_func=t.word,
        key="dissent_new_strength",
    )
    said = st.text_area(
        t("dissent.statement"),
        max_chars=STATEMENT_LENGTH,
        help=t("dissent.statement_help"),
        key="dissent_statement",
    )
    objects = strength is Strength.OBJECTION
    reason = st.text_area(
        t("dissent.reason" if objects else "dissent.reason_optional"),
        max_chars=REASON_LENGTH,
        height=80,
        key="dissent_reason",
    )
    with st.expander(t("dissent.more"), key="dissent_more"):
        resolution = st.text_area(
            t("dissent.resolution"), max_chars=REASON_LENGTH, height=80, key="dissent_resolution"
        )
        part, passage = _passage(t)
    return {
        "strength": strength or Strength.CONCERN,
        "statement": said,
        "reason": reason,
        "resolution": resolution,
        "passage_field": part,
        "passage": passage,
    }


def _asked(definitions: list[Definition]) -> int | None:
    """The version that the address names: whoever comes from a definition dissents from it."""
    definition = st.query_params.get("definition")
    number = st.query_params.get("version")
    found = (
        version.id
        for each in definitions
        for version in each.versions
        if (str(each.id), str(version.number)) == (definition, number)
    )
    return next(found, None)


def _passage(t: Translator) -> tuple[DefinitionField | None, str]:
    part = choices.one_of(
        {each: t.word(each) for each in DefinitionField}, t("dissent.part"), t, key="dissent_part"
    )
    if part is None:
        return None, ""
    passage = st.text_input(
        t("dissent.passage"), help=t("dissent.passage_help"), key="dissent_passage"
    )
    return part, passage


def _who(initiative_id: int, may_pick: bool, t: Translator) -> _Who:
    whose = st.segmented_control(
        t("dissent.whose_view"),
        [_THEIRS, _OWN],
        default=_THEIRS,
        required=True,
        format_func=lambda each: t(f"dissent.whose_{each}"),
        key="dissent_whose",
    )
    own = whose == _OWN
    named = st.segmented_control(
        t("dissent.attribution"),
        [Attribution.GROUP_ONLY, Attribution.NAMED],
        default=Attribution.GROUP_ONLY,
        required=True,
        format_func=t.word,
        key="dissent_attribution",
    )
    groups = st.pills(
        t("dissent.groups"),
        list(Group),
        selection_mode="multi",
        format_func=lambda each: f"{group_mark(each)} {escape(t.word(each))}",
        key="dissent_groups",
    )
    person, agreed = None, False
    if named is Attribution.NAMED and not own and may_pick:
        picked = person_picker.pick(t("dissent.person"), initiative_id, t, key="dissent_person")
        person = picked.id if picked else None
        agreed = st.checkbox(t("dissent.agreed_to_name"), key="dissent_agreed")
    return _Who(own, named or Attribution.GROUP_ONLY, frozenset(groups), person, agreed)


def _where(own: bool, t: Translator) -> tuple[int | None, bool]:
    """The convening in hand or none, and whether it was said outside of it. What others said
    outside the room is often brought later; one's own view belongs to the convening itself."""
    meeting = _meeting()
    if meeting is None:
        return None, False
    title = chosen.label(meeting, t)
    where = st.selectbox(
        t("dissent.where"),
        ["room", "corridor", "elsewhere"] if own else ["corridor", "room", "elsewhere"],
        format_func=lambda each: t(f"dissent.where_{each}", convening=title),
        key=f"dissent_where_{_OWN if own else _THEIRS}",
    )
    return (None if where == "elsewhere" else meeting.id), where == "corridor"


def _meeting() -> Convening | None:
    """The convening in hand, for somebody who sees convenings: the keeper does not."""
    convening_id = chosen.convening_id()
    try:
        return store.read(queries.convenings.convening, convening_id) if convening_id else None
    except NotFound:
        return None


def _code(who: _Who, t: Translator) -> str:
    """A code with which whoever has no account comes back to read the answer."""
    if who.own or not st.checkbox(
        t("dissent.with_receipt"), help=t("dissent.with_receipt_help"), key="dissent_with_receipt"
    ):
        return ""
    return room_codes.receipt_of(str(state.get(_UUID)))

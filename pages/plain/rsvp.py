"""The page behind a personal link: what one is invited to, and the answer to it.

Plain HTML, because it is opened on any phone and by programs that check mail: asking for it
changes nothing. The token in the path is all that it takes, so it is worth what a password is:
it stands in no log, and is sent to no other site (see ``headers``).
"""

from dataclasses import replace

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from convening.answers import (
    MOST_NAMED,
    NAMED_AT_ONCE,
    NEEDS_NOTE_LENGTH,
    REASON_LENGTH,
    WHY_LENGTH,
    AnswerDraft,
    FoundLink,
    Named,
    OpenInvitation,
)
from convening.community import NAME_LENGTH
from convening.convening_drafts import is_web_link
from convening.dates import when_in_zone
from convening.i18n import Translator
from convening.problems import ConveningError, Invalid, NotFound, Problem
from convening.vocabulary import Group, InvitationStatus, Language, Need
from convening.walltime import local
from db import tokens, transaction
from db.commands import answers
from db.engine import current_engines
from db.queries import personal_links
from pages.plain import limits, page, posted
from pages.plain.files import language_of
from pages.plain.limits import Limit
from pages.plain.posted import Fields

ANSWERS = Limit(30, 3600)  # answers through one link
_LENGTHS = {
    "reason": REASON_LENGTH,
    "needs_note": NEEDS_NOTE_LENGTH,
    "name": NAME_LENGTH,
    "why": WHY_LENGTH,
}
_ANCHORS = {"accept": "accept_yes"}


async def show(request: Request) -> Response:
    """The invitation with its form; 404 for a link that never was, 410 for one that is over."""
    stopped = limits.stopped(request)
    if stopped is not None:
        return stopped
    found = await to_thread.run_sync(_look_up, request.path_params["token"])
    if found is None or found.invitation is None:
        return _closed(request, found)
    t = _translator(request, found)
    thanks = request.query_params.get("answered") == "1"
    return _page(found.invitation, t, _stored(found.invitation), thanks=thanks)


async def answer(request: Request) -> Response:
    """Takes the answer: then the same page again, with thanks, or with what is to be mended."""
    token = request.path_params["token"]
    stopped = limits.stopped(request, ANSWERS.wait(tokens.hashed(token)))
    if stopped is not None:
        return stopped
    body = await posted.body(request)
    if body is None:
        return page.note("rsvp.too_much", Translator(language_of(request)), status=413)
    form = read_form(body)
    problems = await to_thread.run_sync(_take, token, form)
    found = await to_thread.run_sync(_look_up, token)
    if problems is None or found is None or found.invitation is None:
        return _closed(request, found)
    ANSWERS.count(tokens.hashed(token))
    t = _translator(request, found)
    if problems:
        return _page(found.invitation, t, form, problems=problems)
    return RedirectResponse(
        f"/rsvp/{token}?answered=1&language={t.language}", status_code=303, headers=page.HEADERS
    )


def read_form(body: bytes) -> AnswerDraft:
    """The answer in a posted form; what is not one of the choices is left out."""
    fields = Fields(body)
    text = fields.text
    return AnswerDraft(
        accept={"yes": True, "no": False}.get(text("accept")),
        reason=text("reason"),
        needs=frozenset(each for each in Need if each.value in fields.all("need")),
        needs_note=text("needs_note"),
        groups=None
        if "rather_not" in fields
        else frozenset(each for each in Group if each.value in fields.all("group")),
        others=tuple(
            Named(*(text(f"other_{number}_{part}") for part in ("name", "organisation", "reason")))
            for number in range(1, NAMED_AT_ONCE + 1)
        ),
    )


def _stored(invitation: OpenInvitation) -> AnswerDraft:
    """The form of somebody who opens the page: as they answered, with the groups on the map."""
    status = invitation.status
    accept = None
    if status is InvitationStatus.ACCEPTED or invitation.wants_place:
        accept = True
    elif status is InvitationStatus.DECLINED:
        accept = False
    return AnswerDraft(
        accept,
        invitation.reason,
        invitation.needs,
        invitation.needs_note,
        invitation.groups,
    )


def _page(
    invitation: OpenInvitation,
    t: Translator,
    form: AnswerDraft,
    *,
    problems: tuple[Problem, ...] = (),
    thanks: bool = False,
) -> Response:
    meeting = invitation.meeting
    return page.answer(
        "rsvp",
        t,
        status=422 if problems else 200,
        it=invitation,
        names=t.with_groups(invitation.group_names),
        form=replace(form, others=_rows(form, invitation)),
        rather_not=form.groups is None,
        problems=page.by_field(problems, "accept", t),
        anchors=_ANCHORS,
        labels={each.field or "accept": _label(each.field or "accept", t) for each in problems},
        thanks=thanks,
        said=_said(invitation, t),
        when=when_in_zone(meeting, t),
        link=meeting.link if is_web_link(meeting.link) else "",
        invited_by=_invited_by(invitation, t),
        full=invitation.full
        and not invitation.wants_place
        and invitation.status in (InvitationStatus.WAITLISTED, InvitationStatus.DECLINED),
        needs=list(Need),
        groups=list(Group),
        lengths=_LENGTHS,
        others_spoken=[Translator(each) for each in Language if each is not t.language],
    )


def _rows(form: AnswerDraft, invitation: OpenInvitation) -> tuple[Named, ...]:
    """The rows in which others can be named: what was typed, and as many as are left."""
    left = min(NAMED_AT_ONCE, MOST_NAMED - invitation.named)
    filled = max((n for n, each in enumerate(form.others, 1) if not each.empty), default=0)
    rows = [*form.others, *[Named("")] * NAMED_AT_ONCE]
    return tuple(rows[: max(left, filled)])


def _label(field: str, t: Translator) -> str:
    """What a field is called where its problem is listed; nothing where the problem says it."""
    if field.startswith("other_"):
        _, number, part = field.split("_")
        return t("rsvp.other_field", number=int(number), field=t(f"rsvp.other_{part}"))
    return "" if field == "accept" else t(f"rsvp.{field}")


def _said(invitation: OpenInvitation, t: Translator) -> list[str]:
    """Where the invitation stands, in sentences."""
    status = invitation.status
    if invitation.wants_place:
        waits = status is InvitationStatus.WAITLISTED
        lines = [t("rsvp.wish_noted" if waits else "rsvp.wish_after_no")]
    else:
        key = {
            InvitationStatus.ACCEPTED: "rsvp.yes_noted",
            InvitationStatus.DECLINED: "rsvp.no_noted",
            InvitationStatus.WAITLISTED: "rsvp.waiting",
            InvitationStatus.ATTENDED: "rsvp.present",
            InvitationStatus.ABSENT: "rsvp.absent",
        }.get(status)
        lines = [t(key)] if key else []
    if invitation.answered_at is not None and invitation.answerable:
        there = local(invitation.answered_at, invitation.meeting.zone)
        lines.append(t("rsvp.answered_on", moment=there))
    return lines


def _invited_by(invitation: OpenInvitation, t: Translator) -> str:
    if not invitation.invited_by:
        return invitation.initiative
    names = t.join(map(t.isolated, invitation.invited_by))
    return t("rsvp.by_team", initiative=invitation.initiative, names=names)


def _translator(request: Request, found: FoundLink | None) -> Translator:
    """The language that was chosen here, or the person's, or else the browser's."""
    chosen = request.query_params.get("language", "")
    if chosen in set(Language):
        return Translator(Language(chosen))
    own = found.language if found is not None else None
    return Translator(own or language_of(request))


def _closed(request: Request, found: FoundLink | None) -> Response:
    """The same page for a link that is over and for one that never was."""
    if found is None:
        limits.missed(request)
    status = 404 if found is None else 410
    return page.note("rsvp.closed", _translator(request, found), status=status)


def _look_up(token: str) -> FoundLink | None:
    with transaction.reading(current_engines()) as session:
        return personal_links.open_link(session, token)


def _take(token: str, draft: AnswerDraft) -> tuple[Problem, ...] | None:
    """What keeps the answer from being taken, nothing when it was; None for a link that is over."""
    engines = current_engines()
    try:
        with transaction.writing(engines, actor_id=None, command="answer_by_link") as session:
            answers.answer_by_link(session, token, draft)
    except Invalid as error:
        return error.problems
    except NotFound:
        return None
    except ConveningError as error:
        return None if error.code == "link_ended" else error.problems
    return ()

"""A room's page for everybody in it: they enter, read, vote and leave notes from their own phone.

Plain HTML that works without scripts. The link's token and the cookie of having entered are all
that it takes; asking for a page changes nothing. Limits per person live in memory alone. The whole
room is one form: whatever is done in it, what was typed comes back with the answer.
"""

import secrets
from collections import OrderedDict

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from convening.i18n.participants import Translator
from convening.participation import Participant
from convening.problems import ConveningError, Invalid, Problem
from convening.vocabulary import Attribution, Group, RoomState
from db.commands import participation as commands
from db.queries import participation as queries
from pages.plain import join_forms, limits, page, participant, participants, posted
from pages.plain import join_pages as shown
from pages.plain.join_steps import not_open, number, reading, stopped, to, words_kept, writing
from pages.plain.limits import Limit

CODES = Limit(100, 600)  # well-formed codes of no room from one address; a venue shares one
ENTRIES = Limit(1000, 600)  # people who enter from one address
NOTES = Limit(10, 600)  # of one person
VOTES = Limit(300, 600)  # of one person
_MOST_ENTERED = 5000

# Who has just entered by which form, so that a form sent twice counts one person
_entered: OrderedDict[tuple[str, str], frozenset[Group]] = OrderedDict()


async def ask(request: Request) -> Response:
    """GET /join: the field for the code on the wall."""
    inside = participant.read(request)
    back = await reading(queries.token_of_room, inside.room_id) if inside else None
    return shown.code(participants.translator(request), back=back or "")


async def open_by_code(request: Request) -> Response:
    """POST /join: from a typed code to its room."""
    t, form = participants.translator(request), await posted.fields(request)
    if form is None:
        return page.note("rsvp.too_much", t, status=413)
    typed = form.text("code")
    code = queries.as_code(typed)
    if code is None:
        return shown.code(t, typed=typed[:40], problem="join.code_shape")
    address = limits.address(request)
    waits = limits.stopped(request, CODES.wait(address), t)
    if waits is not None:
        return waits
    token = await reading(queries.token_of, code)
    if token is None:
        CODES.count(address)
        return shown.code(t, typed=typed[:40], problem="join.code_unknown")
    return to(shown.path(token), t)


async def show(request: Request) -> Response:
    """GET /join/TOKEN: the promise and the question of groups, or the room for who is in it."""
    t, token = participants.translator(request), request.path_params["token"]
    inside = participant.read(request)
    room = await reading(queries.by_link, token, inside)
    if room is None or room.state is not RoomState.OPEN:
        return await not_open(request, t, room, inside)
    if inside is None or inside.room_id != room.id:
        return shown.entrance(t, token, room, nonce=secrets.token_hex(16))
    return shown.inside(
        t,
        token,
        room,
        inside,
        join_forms.blank(room.offers_notes),
        number=number(request),
        done=request.query_params.get("done", ""),
    )


async def text(request: Request) -> Response:
    """GET and POST /join/TOKEN/text: the whole version that the room talks about.

    Posted, it carries what was typed until one comes back.
    """
    t, token = participants.translator(request), request.path_params["token"]
    form, inside = await posted.fields(request), participant.read(request)
    if form is None:
        return page.note("rsvp.too_much", t, status=413)
    room = await reading(queries.by_link, token, inside)
    if room is None or room.state is not RoomState.OPEN or room.in_hand is None:
        return await _again(request, t, inside, form)
    return shown.text(t, token, room.in_hand, join_forms.kept(form), number(request))


async def enter(request: Request) -> Response:
    """POST /join/TOKEN/enter: declares the groups, or declares them anew."""
    t, token = participants.translator(request), request.path_params["token"]
    form, inside = await posted.fields(request), participant.read(request)
    if form is None:
        return page.note("rsvp.too_much", t, status=413)
    words, address = join_forms.typed(join_forms.note(form)), limits.address(request)
    waits = stopped(request, ENTRIES.wait(address), t, words)
    if waits is not None:
        return waits
    (groups, problems), nonce = join_forms.groups(form), form.text("nonce")
    if problems:
        return await _ask_groups(request, t, inside, form, problems)
    known = nonce if participant.is_random(nonce) else secrets.token_hex(16)
    declared, before = Participant(0, known, groups), _entered.get((token, known))
    try:
        entered = await writing(commands.enter, token, declared, before, inside)
    except ConveningError as error:
        if error.code == "room_not_open":
            return await _again(request, t, inside, form)
        return words_kept(t, token, words, error)
    ENTRIES.count(address)
    _note_entered(token, entered)
    done = "groups" if inside and inside.id == entered.id else ""
    if "text" in form:
        response = await _again(request, t, entered, form, done=done)
    else:
        response = _shown_anew(request, t, done=done)
    participant.remember(response, entered)
    return response


async def _ask_groups(
    request: Request,
    t: Translator,
    inside: Participant | None,
    form: posted.Fields,
    problems: tuple[Problem, ...],
) -> Response:
    """The form once more, for whoever ticked nothing, or more than can be true together."""
    token, ticks = request.path_params["token"], join_forms.ticks(form)
    room = await reading(queries.by_link, token, inside)
    is_new = room is not None and (inside is None or inside.room_id != room.id)
    words = join_forms.typed(join_forms.note(form))
    if room is not None and room.state is RoomState.OPEN and is_new and not words:
        nonce = form.text("nonce")
        return shown.entrance(t, token, room, nonce=nonce, ticks=ticks, problems=problems)
    return await _again(request, t, inside, form, problems=problems, status=422)


async def leave_note(request: Request) -> Response:
    """POST /join/TOKEN/note: takes it and shows its receipt code, or the form with what to mend."""
    t, token = participants.translator(request), request.path_params["token"]
    form, inside = await posted.fields(request), participant.read(request)
    if form is None:
        return page.note("rsvp.too_much", t, status=413)
    draft = join_forms.note(form)
    if inside is None:
        return shown.words(t, token, "join.words_enter", join_forms.typed(draft))
    problems: tuple[Problem, ...] = (Problem("too_many_notes", field="text"),)
    status = 429
    if not NOTES.wait(inside.id):
        try:
            code = await writing(
                commands.leave_note,
                token,
                inside,
                draft,
                journalled=draft.attribution is Attribution.GROUP_ONLY,
            )
        except Invalid as error:
            problems, status = error.problems, 422
        except ConveningError as error:
            if error.code == "room_not_open":
                return await _again(request, t, inside, form)
            return words_kept(t, token, join_forms.typed(draft), error)
        else:
            NOTES.count(inside.id)
            return shown.receipt(t, token, code, draft.attribution)
    return await _again(request, t, inside, form, problems=problems, status=status)


async def vote(request: Request) -> Response:
    """POST /join/TOKEN/vote: a tap on one of a statement's three buttons."""
    t, token = participants.translator(request), request.path_params["token"]
    form, inside = await posted.fields(request), participant.read(request)
    if form is None:
        return page.note("rsvp.too_much", t, status=413)
    chosen = join_forms.vote(form)
    if inside is None or chosen is None:
        return await _again(request, t, inside, form)
    words = join_forms.typed(join_forms.note(form))
    waits = stopped(request, VOTES.wait(inside.id), t, words)
    if waits is not None:
        return waits
    VOTES.count(inside.id)
    statement_id, choice = chosen
    try:
        offered = await writing(commands.vote, token, inside, statement_id, choice)
    except ConveningError as error:
        if error.code not in ("room_not_open", "statement_not_open"):
            return words_kept(t, token, words, error)
        return await _again(request, t, inside, form)
    if _is_untouched(form, inside, offered.notes):
        return _shown_anew(request, t, done="vote", voted=statement_id)
    return await _again(request, t, inside, form, done="vote", voted=statement_id)


async def look(request: Request) -> Response:
    """POST /join/TOKEN/look: what is new, more statements, another language; it does nothing."""
    t, form = participants.translator(request), await posted.fields(request)
    if form is None:
        return page.note("rsvp.too_much", t, status=413)
    return await _again(request, t, participant.read(request), form)


async def back(request: Request) -> Response:
    """GET of an address to which a form was sent, as browsers ask for it when they start again."""
    return to(shown.path(request.path_params["token"]), participants.translator(request))


async def leave(request: Request) -> Response:
    """POST /join/TOKEN/leave: this phone forgets that somebody entered; another one can."""
    t = participants.translator(request)
    response = to(shown.path(request.path_params["token"]), t)
    participant.forget(response)
    return response


async def _again(
    request: Request,
    t: Translator,
    inside: Participant | None,
    form: posted.Fields,
    *,
    done: str = "",
    voted: int | None = None,
    problems: tuple[Problem, ...] = (),
    status: int = 200,
) -> Response:
    """The room once more; with what was typed in the answer itself, as nothing else holds it."""
    token, draft = request.path_params["token"], join_forms.note(form)
    words = join_forms.typed(draft)
    room = await reading(queries.by_link, token, inside)
    if room is None or room.state is not RoomState.OPEN:
        gone = await not_open(request, t, room, inside)
        return shown.words(t, token, "join.words_over", words) if words else gone
    if inside is None or inside.room_id != room.id:
        enters = to(shown.path(token), t)
        return shown.words(t, token, "join.words_enter", words) if words else enters
    if not problems and _is_untouched(form, inside, room.offers_notes):
        return _shown_anew(request, t, done=done, voted=voted)
    begun = join_forms.begun(form, room.offers_notes)
    return shown.inside(
        t,
        token,
        room,
        inside,
        draft if begun else join_forms.blank(room.offers_notes),
        number=number(request),
        ticks=join_forms.ticks(form),
        done=done,
        voted=voted,
        problems=problems,
        status=status,
    )


def _is_untouched(form: posted.Fields, inside: Participant, offers_notes: bool) -> bool:
    """Whether nothing stands in the form that is not kept somewhere."""
    kept: tuple[frozenset[str], ...] = (frozenset(), join_forms.ticks_of(inside.groups))
    return not join_forms.begun(form, offers_notes) and join_forms.ticks(form) in kept


def _shown_anew(
    request: Request, t: Translator, *, done: str, voted: int | None = None
) -> Response:
    """To the room's address, so that loading the page again does nothing again."""
    path, anchor = shown.path(request.path_params["token"]), f"s{voted}" if voted else ""
    return to(path, t, anchor, page=number(request), done=done)


def _note_entered(token: str, entered: Participant) -> None:
    _entered[token, entered.id] = entered.groups
    while len(_entered) > _MOST_ENTERED:
        _entered.popitem(last=False)


ROUTES = [
    Route(f"{participant.PATH}{path}", endpoint, methods=[method])
    for path, endpoint, method in (
        ("", ask, "GET"),
        ("", open_by_code, "POST"),
        ("/{token}", show, "GET"),
        ("/{token}/text", text, "GET"),
        ("/{token}/text", text, "POST"),
        ("/{token}/enter", enter, "POST"),
        ("/{token}/note", leave_note, "POST"),
        ("/{token}/vote", vote, "POST"),
        ("/{token}/look", look, "POST"),
        ("/{token}/leave", leave, "POST"),
        *((f"/{{token}}/{each}", back, "GET") for each in ("enter", "note", "vote", "look")),
    )
]

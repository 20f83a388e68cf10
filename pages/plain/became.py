"""What became of what was said in a convening: for everybody who was there, by link.

It says what the words changed or why they did not, and nobody's name without their consent. The
page is read and nothing else.
"""

from dataclasses import dataclass

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from convening.i18n.participants import Translator
from convening.receipts import Became, Said
from convening.vocabulary import Group
from db import transaction
from db.engine import current_engines
from db.queries import receipts as queries
from pages.plain import limits, page, participants


@dataclass(frozen=True)
class _Worded:
    """A view with what stands above and below it."""

    said: Said
    who: str
    state: str


async def show(request: Request) -> Response:
    """GET: the page; 404 for a link that nobody was given."""
    t = participants.translator(request)
    stopped = limits.stopped(request, t=t)
    if stopped is not None:
        return stopped
    found = await to_thread.run_sync(_look_up, request.path_params["token"])
    if found is None:
        limits.missed(request)
        return page.note("became.closed", t, status=404)
    names = t.with_groups(found.group_names)
    return page.answer(
        "became",
        t,
        it=found,
        when=participants.said_in(found.meeting, t),
        pulse=participants.address(f"/pulse/{request.path_params['token']}", t),
        said=[_Worded(each, _who(each, names), _state(each, t)) for each in found.said],
        counts=[
            (t("became.views"), len(found.said)),
            (t("became.changed"), found.changed),
            (t("became.standing"), found.standing),
            (t("became.waiting"), found.waiting),
            *([(t("became.withdrawn"), found.withdrawn)] if found.withdrawn else []),
        ],
    )


def _who(said: Said, names: Translator) -> str:
    """The name, or the groups, or that it stands here without either."""
    groups = names.join(names.word(each) for each in Group if each in said.groups)
    if said.name:
        return f"{names.isolated(said.name)} ({groups})" if groups else said.name
    return groups or names("became.not_by_name")


def _state(said: Said, t: Translator) -> str:
    return t(f"became_state.{said.entry.state.value}")


def _look_up(token: str) -> Became | None:
    with transaction.reading(current_engines()) as session:
        return queries.became(session, token)

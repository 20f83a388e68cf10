"""Problems as facts: a code with its parameters, worded later by ``convening.i18n``."""

import dataclasses
from collections.abc import Mapping
from typing import Any


@dataclasses.dataclass(frozen=True)
class Problem:
    """Something a person should know or mend.

    ``code`` is the text key ``problem.<code>``; ``params`` fill its placeholders; ``field`` names
    the input that it is about, None when it is about the whole.
    """

    code: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    field: str | None = None


class ConveningError(Exception):
    """A command that could not be carried out, for a reason its caller can tell the viewer.

    Nothing was written when it is raised: the transaction is rolled back.
    """

    def __init__(self, code: str, problems: tuple[Problem, ...] = (), /, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
        self.problems = problems or (Problem(code, params),)


class NotFound(ConveningError):
    """The thing is missing, or the viewer may not know that it is there: both answer alike."""

    def __init__(self, what: str) -> None:
        super().__init__("not_found", what=what)


class Forbidden(ConveningError):
    """The viewer's role does not allow the action on something that they may see."""

    def __init__(self, action: str) -> None:
        super().__init__("forbidden", action=action)


class Invalid(ConveningError):
    """A draft with problems; all of them, not only the first."""

    def __init__(self, problems: "list[Problem] | tuple[Problem, ...]") -> None:
        super().__init__("invalid", tuple(problems))


class ChangedMeanwhile(ConveningError):
    """Somebody else saved the record since the draft was read; ``subject`` is the kind of record
    and ``subject_id`` which one."""

    def __init__(self, subject: str, subject_id: int) -> None:
        super().__init__("changed_meanwhile")
        self.subject = subject
        self.subject_id = subject_id

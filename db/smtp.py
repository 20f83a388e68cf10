"""One message over SMTP: its headers and parts, the connection, and what the server made of it.

Only addresses and texts that were stored come in. Headers are built by the standard library, which
refuses line ends in them; texts are cleaned before, so that a name cannot stop a message.
"""

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from io import BytesIO
from types import TracebackType
from typing import Any, Literal, Self

import segno

from convening.exports.calendar import filled_in
from convening.mail import CODE_ID, LINK
from convening.settings import Settings
from convening.smtp_url import Tls
from convening.text import clean

TIMEOUT = 30  # seconds for each answer of the mail server
_ANSWER_LENGTH = 300

# UNKNOWN: the connection broke while the text went over; UNREACHABLE: it concerns every message
Outcome = Literal["sent", "put_off", "refused", "unknown", "unreachable"]


@dataclass(frozen=True)
class Letter:
    """A message with its real link, as it is to leave; it exists in memory alone."""

    message_id: str
    date: datetime
    from_name: str
    recipient: str
    name: str
    languages: tuple[str, ...]
    subject: str
    text: str
    html: str
    calendar: str = ""
    address: str = ""
    check_in: str = ""


@dataclass(frozen=True)
class Result:
    """``problem`` is a code of ``mail_problem``, a blank, and the server's answer, cleaned."""

    outcome: Outcome
    problem: str = ""


class CannotConnect(Exception):
    """The mail server cannot be worked with; ``args[0]`` is the code, then its answer."""


def message(letter: Letter, mail_from: str) -> EmailMessage:
    """The message with all its parts; raises ValueError where the recipient is no address."""
    host = mail_from.rpartition("@")[2]
    found = EmailMessage(policy=SMTP)
    found["From"] = Address(_in_header(letter.from_name), addr_spec=mail_from)
    found["To"] = _recipient(letter)
    found["Subject"] = _in_header(letter.subject)
    found["Date"] = letter.date
    found["Message-ID"] = f"<{letter.message_id}@{host}>"
    found["Auto-Submitted"] = "auto-generated"
    found.set_content(letter.text.replace(LINK, letter.address))
    html = letter.html.replace(LINK, escape(letter.address))
    found.add_alternative(html, subtype="html")
    if letter.check_in and f"cid:{CODE_ID}" in html:
        part = list(found.iter_parts())[1]
        assert isinstance(part, EmailMessage)
        part.add_related(
            qr_code(letter.check_in), "image", "png", cid=f"<{CODE_ID}>", disposition="inline"
        )
    if letter.calendar:
        _attach(found, filled_in(letter.calendar, LINK, letter.address))
    # last, because a part that is added takes along what was said of the content before
    found["Content-Language"] = ", ".join(letter.languages)
    return found


def qr_code(text: str) -> bytes:
    """A PNG that a camera reads from a screen and from paper; the same text, the same bytes."""
    image = BytesIO()
    segno.make(text, error="m", micro=False).save(image, kind="png", scale=6, border=4)
    return image.getvalue()


class Connection:
    """A connection that opens with the first message and serves all of one round."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._server: _Plain | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._server is not None:
            try:
                self._server.quit()
            except (smtplib.SMTPException, OSError):
                self._server.close()

    def send(self, letter: Letter) -> Result:
        """Hands one message over, and says what the server answered."""
        try:
            built = message(letter, self._settings.mail_from)
        except (ValueError, IndexError, MessageError):
            return Result("refused", "address_unusable")
        used_before = self._server is not None
        try:
            return self._deliver(built, letter.recipient)
        except CannotConnect as error:
            self._server = None
            return Result("unreachable", _problem(*error.args))
        except smtplib.SMTPServerDisconnected as error:
            broken, self._server = self._server, None
            if broken is not None and broken.handing_over:
                return Result("unknown", "broken_off")
            if used_before:  # it may close a connection that has served long enough
                return self.send(letter)
            return Result("unreachable", _problem("no_answer", str(error)))

    def _deliver(self, built: EmailMessage, recipient: str) -> Result:
        if self._server is None:
            self._server = _open(self._settings)
        server = self._server
        server.handing_over = False
        try:
            server.send_message(built, self._settings.mail_from, [_in_ascii(recipient)])
        except smtplib.SMTPRecipientsRefused as error:
            return _answered("recipient_refused", *next(iter(error.recipients.values())))
        except smtplib.SMTPSenderRefused as error:
            return _answered("sender_refused", error.smtp_code, error.smtp_error)
        except smtplib.SMTPNotSupportedError:
            return Result("refused", "address_unusable")
        except smtplib.SMTPResponseException as error:
            return _answered("message_refused", error.smtp_code, error.smtp_error)
        return Result("sent")


class _Plain(smtplib.SMTP):
    """Notes when the text of a message goes over: should it break then, it may have arrived."""

    handing_over = False

    def data(self, msg: Any) -> Any:
        self.handing_over = True
        answer = super().data(msg)
        self.handing_over = False
        return answer


class _Encrypted(_Plain, smtplib.SMTP_SSL):
    pass


def _open(settings: Settings) -> _Plain:
    """Connects, encrypts as the setting demands, and signs in. Certificates are always checked."""
    smtp = settings.smtp
    assert smtp is not None
    name = settings.mail_from.rpartition("@")[2]
    try:
        context = ssl.create_default_context()
        if smtp.tls is Tls.IMPLICIT:
            server: _Plain = _Encrypted(
                smtp.host, smtp.port, name, timeout=TIMEOUT, context=context
            )
        else:
            server = _Plain(smtp.host, smtp.port, name, timeout=TIMEOUT)
    except ssl.SSLError as error:
        raise CannotConnect("not_trusted", _reason(error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise CannotConnect("no_answer", str(error)) from error
    try:
        _encrypt(server, smtp.tls, context)
        if smtp.user:
            server.login(smtp.user, smtp.password)
    except CannotConnect:
        server.close()
        raise
    except ssl.SSLError as error:
        server.close()
        raise CannotConnect("not_trusted", _reason(error)) from error
    except smtplib.SMTPAuthenticationError as error:
        server.close()
        raise CannotConnect(
            "not_signed_in", f"{error.smtp_code} {_text(error.smtp_error)}"
        ) from error
    except (OSError, smtplib.SMTPException) as error:
        server.close()
        raise CannotConnect("no_answer", str(error)) from error
    return server


def _encrypt(server: smtplib.SMTP, tls: Tls, context: ssl.SSLContext) -> None:
    if tls not in (Tls.STARTTLS, Tls.IF_OFFERED):
        return
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=context)
    elif tls is Tls.STARTTLS:
        raise CannotConnect("not_encrypted", "")


def _in_header(text: str) -> str:
    """One line, in which nothing passes for an encoded word (RFC 2047): the standard library would
    decode that, with the line ends in it."""
    return clean(text).replace("=?", "= ?")


def _recipient(letter: Letter) -> Address:
    return Address(_in_header(letter.name), addr_spec=_in_ascii(clean(letter.recipient)))


def _in_ascii(address: str) -> str:
    """An address with its host in the form of the domain name system."""
    local, at, host = address.rpartition("@")
    if not (local and at and host) or any(c.isspace() for c in address):
        raise ValueError("not an address")
    return f"{local}@{host.encode('idna').decode()}"


def _attach(found: EmailMessage, calendar: str) -> None:
    method = "CANCEL" if "\r\nMETHOD:CANCEL\r\n" in calendar else "REQUEST"
    found.add_attachment(
        calendar,
        subtype="calendar",
        charset="utf-8",
        cte="base64",
        params={"method": method},
        filename="convening.ics",
    )


def _answered(code: str, status: int, answer: bytes | str) -> Result:
    """What a refusal means: from 500 on it is for good (RFC 5321, section 4.2.1)."""
    if status < 500:
        return Result("put_off", _problem("put_off", f"{status} {_text(answer)}"))
    return Result("refused", _problem(code, f"{status} {_text(answer)}"))


def _problem(code: str, answer: str = "") -> str:
    return f"{code} {clean(answer)[:_ANSWER_LENGTH]}".strip()


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer


def _reason(error: ssl.SSLError) -> str:
    return getattr(error, "verify_message", "") or error.reason or "TLS"

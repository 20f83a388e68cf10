"""A real mail server for tests, and the settings that name it."""

import asyncio
import email
import email.policy
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from convening import settings

FROM = "halqa@example.org"
BASE = "https://halqa.example.org"


def name_server(monkeypatch: pytest.MonkeyPatch, url: str = "smtps://mail.example.org") -> None:
    """Names the mail server in the settings; without ``url`` one that nobody connects to."""
    monkeypatch.setenv("HALQA_SMTP_URL", url)
    monkeypatch.setenv("HALQA_MAIL_FROM", FROM)
    monkeypatch.setenv("HALQA_BASE_URL", BASE)
    settings.current.cache_clear()


@dataclass
class Handler:
    """Keeps what arrives; ``on_rcpt`` and ``on_data`` answer in place of "250"."""

    raw: list[bytes] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    on_rcpt: Callable[[str], str | None] = lambda _address: None
    on_data: Callable[[int], str | None] = lambda _number: None
    lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any
    ) -> str:
        answer = self.on_rcpt(address)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        with self.lock:
            number = len(self.raw)
            answer = self.on_data(number)
            if answer == "hang up":
                server.transport.abort()
                await asyncio.sleep(0)
                return "421 gone"
            if answer is None:
                content = envelope.content or b""
                self.raw.append(content if isinstance(content, bytes) else content.encode())
                self.envelopes.append(envelope)
        return answer or "250 Kept"

    @property
    def messages(self) -> list[EmailMessage]:
        return [parsed(each) for each in self.raw]


def parsed(raw: bytes) -> EmailMessage:
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


class Server(Controller):
    """On a port that the system picks; ``url`` is what HALQA_SMTP_URL would say."""

    def __init__(self, handler: Handler, **options: Any) -> None:
        super().__init__(handler, hostname="127.0.0.1", port=0, **options)

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    def url(self, scheme: str = "smtp", who: str = "") -> str:
        return f"{scheme}://{who}127.0.0.1:{self.port}"


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate of 127.0.0.1; ``path`` holds it for those who trust it."""

    path: Path
    context: ssl.SSLContext


def certificate(folder: Path) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    start = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path, secret = folder / "mail.pem", folder / "mail.key"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, secret)
    return Certificate(path, context)


def opens_to(user: str, password: str) -> Callable[..., AuthResult]:
    """An authenticator that lets one user in."""

    def check(_server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (
            user.encode(),
            password.encode(),
        )
        return AuthResult(success=right, handled=False)

    return check

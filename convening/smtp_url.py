"""The address of a mail server as one setting: ``smtp://user:password@host:587``."""

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit


class Tls(StrEnum):
    """How the connection is encrypted.

    STARTTLS after a plain greeting, IMPLICIT from the first byte; IF_OFFERED as STARTTLS where the
    server has it, which is enough for a server on this machine.
    """

    STARTTLS = "starttls"
    IMPLICIT = "implicit"
    IF_OFFERED = "if_offered"
    NONE = "none"


_SCHEMES = {"smtp": Tls.STARTTLS, "smtps": Tls.IMPLICIT, "smtp+plain": Tls.NONE}
_PORTS = {Tls.STARTTLS: 587, Tls.IMPLICIT: 465, Tls.NONE: 25}


@dataclass(frozen=True)
class Smtp:
    """A mail server, and whom we sign in as there; without a user nobody signs in."""

    host: str
    port: int
    tls: Tls
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        """What may be shown: no user and no password."""
        return f"{self.host}:{self.port} ({self.tls})"


def parse(url: str) -> Smtp:
    """Reads ``smtp://`` (TLS by STARTTLS, port 587), ``smtps://`` (TLS from the start, port 465)
    or ``smtp+plain://`` (no TLS, port 25).

    User and password are percent-encoded. On this machine itself ``smtp://`` goes without TLS
    where the server has none. Raises ValueError, whose text never holds the address.
    """
    try:
        parts = urlsplit(url.strip())
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        raise ValueError("it is not an address") from None
    tls = _SCHEMES.get(parts.scheme)
    if tls is None:
        raise ValueError("it must begin with smtp://, smtps:// or smtp+plain://")
    if not host or any(c.isspace() or not c.isprintable() for c in host):
        raise ValueError("it must name a host")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("it holds user, password, host and port only; encode / ? # in a password")
    if port == 0:
        raise ValueError("its port must be a number from 1 to 65535")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) is not bool(password):
        raise ValueError("it must hold a user and a password, or neither")
    if not (user + password).isascii():
        raise ValueError("user and password must be of ASCII characters")
    if tls is Tls.STARTTLS and _is_loopback(host):
        tls = Tls.IF_OFFERED
    return Smtp(host, port or _PORTS[_SCHEMES[parts.scheme]], tls, user, password)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

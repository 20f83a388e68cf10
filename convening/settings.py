"""Every setting, read from the environment in one place; a wrong one stops the start."""

import hashlib
import hmac
import os
import re
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from convening import smtp_url

# Every setting by its name in the environment; docs/deploy.md explains each of them.
NAMES = (
    "HALQA_DATABASE_URL",
    "HALQA_SECRET_KEY",
    "HALQA_BASE_URL",
    "HALQA_DATA_DIR",
    "HALQA_TRUSTED_PROXIES",
    "HALQA_DEVELOPMENT",
    "HALQA_SMTP_URL",
    "HALQA_MAIL_FROM",
    "HALQA_BACKUP_DIR",
    "HALQA_BACKUP_KEEP",
    "HOST",
    "PORT",
)
KEEP = 14  # scheduled backups of the embedded database: two weeks to notice what went wrong
SECRET_MIN_LENGTH = 32
SECRET_MIN_DISTINCT = 10  # 32 random hexadecimal digits have fewer once in ten thousand draws

# Every address of this machine: one to listen on, and none to go to.
_EVERYWHERE = (str(IPv4Address(0)), str(IPv6Address(0)))
_MAIL_FROM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")

Network = IPv4Network | IPv6Network


class SettingsError(Exception):
    """A setting that the server must not start with; its text is for whoever starts it."""


@dataclass(frozen=True)
class Settings:
    """``data_dir`` holds the embedded database and the generated secret.

    ``base_url`` is the address under which browsers reach the server, without a slash at its end;
    empty for a server on this machine alone. ``secret_key`` is never used itself, see ``derive``.
    """

    data_dir: Path
    database_url: str
    secret_key: str = field(repr=False)
    base_url: str = ""
    trusted_proxies: tuple[Network, ...] = ()
    host: str = "127.0.0.1"
    port: int = 8501
    development: bool = False
    smtp: smtp_url.Smtp | None = None  # without a mail server messages are handed over by people
    mail_from: str = ""
    backup_dir: Path = Path("data/backups")
    backup_keep: int = 0  # how many scheduled backups stay; 0 when none are made
    given: frozenset[str] = frozenset()  # the names that the environment sets

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Reads and checks every setting; raises SettingsError.

        Without HALQA_SECRET_KEY the secret comes from the file ``secret`` in the data directory,
        which is made on first start and which only its owner may read.
        """
        data_dir = Path(environ.get("HALQA_DATA_DIR") or "data").resolve()
        default_url = f"sqlite:///{data_dir / 'halqa.sqlite3'}"
        database_url = environ.get("HALQA_DATABASE_URL") or default_url
        embedded = database_url.startswith("sqlite")  # a server has tools and a keeper of its own
        return cls(
            data_dir=data_dir,
            database_url=database_url,
            secret_key=_strong(environ.get("HALQA_SECRET_KEY") or _kept_secret(data_dir)),
            base_url=_base_url(environ.get("HALQA_BASE_URL", "")),
            trusted_proxies=_networks(environ.get("HALQA_TRUSTED_PROXIES", "")),
            host=environ.get("HOST") or "127.0.0.1",
            port=_port(environ.get("PORT") or "8501"),
            development=_flag("HALQA_DEVELOPMENT", environ.get("HALQA_DEVELOPMENT", "")),
            smtp=_smtp(environ.get("HALQA_SMTP_URL", ""), environ.get("HALQA_MAIL_FROM", "")),
            mail_from=_mail_from(environ.get("HALQA_MAIL_FROM", "")),
            backup_dir=Path(environ.get("HALQA_BACKUP_DIR") or data_dir / "backups").resolve(),
            backup_keep=_keep(environ.get("HALQA_BACKUP_KEEP") or (str(KEEP) if embedded else "0")),
            given=frozenset(name for name in NAMES if environ.get(name)),
        )

    @property
    def https(self) -> bool:
        """Whether browsers come by TLS, so that cookies are for TLS alone."""
        return self.base_url.startswith("https://")

    @property
    def address(self) -> str:
        """The address to open in a browser."""
        if self.base_url:
            return self.base_url
        host = "127.0.0.1" if self.host in _EVERYWHERE else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    def derive(self, purpose: str) -> str:
        """A key of its own for each purpose, in hexadecimal digits."""
        return hmac.new(self.secret_key.encode(), purpose.encode(), hashlib.sha256).hexdigest()


@cache
def current() -> Settings:
    """The settings of this process."""
    return Settings.from_environ(os.environ)


def _strong(secret: str) -> str:
    if len(secret) < SECRET_MIN_LENGTH:
        raise SettingsError(
            f"The secret key has {len(secret)} characters and needs {SECRET_MIN_LENGTH}: "
            "unset HALQA_SECRET_KEY to have one made."
        )
    if len(set(secret)) < SECRET_MIN_DISTINCT:
        raise SettingsError(
            "The secret key repeats too few characters to be random: "
            "unset HALQA_SECRET_KEY to have one made."
        )
    return secret


def _kept_secret(data_dir: Path) -> str:
    """The secret in the data directory, made there when there is none."""
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = data_dir / "secret"
    fresh = data_dir / f"secret.{os.getpid()}.{secrets.token_hex(4)}"
    if not path.exists():
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(fresh, path)  # whichever process comes first makes the secret of them all
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingsError(f"Others can read {path}: run 'chmod 600' on it, or remove it.")
    return path.read_text().strip()


def _base_url(value: str) -> str:
    value = value.strip().rstrip("/")
    if not value:
        return ""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError("HALQA_BASE_URL must begin with http:// or https:// and name a host.")
    if parts.path or parts.query or parts.fragment or parts.username is not None:
        raise SettingsError("HALQA_BASE_URL holds scheme, host and port only, without a path.")
    default_port = {"http": 80, "https": 443}[parts.scheme]
    host = parts.netloc.lower()
    if parts.port == default_port:
        host = host.removesuffix(f":{default_port}")
    return f"{parts.scheme}://{host}"


def _networks(value: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(each.strip()) for each in value.split(",") if each.strip())
    except ValueError as error:
        raise SettingsError(
            "HALQA_TRUSTED_PROXIES is a list of addresses or networks, parted by commas."
        ) from error


def _smtp(url: str, mail_from: str) -> smtp_url.Smtp | None:
    if not url.strip():
        return None
    if not mail_from.strip():
        raise SettingsError("HALQA_SMTP_URL needs HALQA_MAIL_FROM: the address that mail is from.")
    try:
        return smtp_url.parse(url)
    except ValueError as error:
        raise SettingsError(f"HALQA_SMTP_URL is wrong: {error}.") from None


def _mail_from(value: str) -> str:
    value = value.strip()
    if value and not _MAIL_FROM.fullmatch(value):
        raise SettingsError("HALQA_MAIL_FROM is one plain address: halqa@example.org.")
    return value


def _keep(value: str) -> int:
    if value.isascii() and value.isdigit() and int(value) <= 3650:
        return int(value)
    raise SettingsError("HALQA_BACKUP_KEEP is how many backups stay, from 0 (none) to 3650.")


def _port(value: str) -> int:
    if value.isascii() and value.isdigit() and 0 < int(value) < 65536:
        return int(value)
    raise SettingsError("PORT must be a number from 1 to 65535.")


def _flag(name: str, value: str) -> bool:
    if value.lower() in ("", "0", "no", "false"):
        return False
    if value.lower() in ("1", "yes", "true"):
        return True
    raise SettingsError(f"{name} is 1 or 0.")

"""Settings come from the environment alone, and a wrong one stops the start."""

import os
import re
import stat
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from convening import settings
from convening.settings import NAMES, Settings, SettingsError
from convening.smtp_url import Smtp, Tls

ROOT = Path(__file__).parents[1]
SECRET = "a8Kd0zQm3XwT7bLr5VnY1cHs9EgU2jFp"


def read(folder: Path, **environ: str) -> Settings:
    environ.setdefault("HALQA_SECRET_KEY", SECRET)
    return Settings.from_environ({"HALQA_DATA_DIR": str(folder), **environ})


def test_without_any_setting_all_stands_in_the_folder_data() -> None:
    found = Settings.from_environ({"HALQA_SECRET_KEY": SECRET})
    assert found.data_dir == Path("data").resolve()
    assert found.database_url == f"sqlite:///{Path('data').resolve()}/halqa.sqlite3"
    assert (found.base_url, found.address) == ("", "http://127.0.0.1:8501")
    assert (found.trusted_proxies, found.development, found.https) == ((), False, False)


class TestSecret:
    def test_it_is_made_on_first_start_for_its_owner_alone(self, tmp_path: Path) -> None:
        first = Settings.from_environ({"HALQA_DATA_DIR": str(tmp_path / "data")})
        file = tmp_path / "data" / "secret"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
        assert len(first.secret_key) == 64
        again = Settings.from_environ({"HALQA_DATA_DIR": str(tmp_path / "data")})
        assert again.secret_key == first.secret_key

    def test_each_installation_has_its_own(self, tmp_path: Path) -> None:
        keys = {
            Settings.from_environ({"HALQA_DATA_DIR": str(tmp_path / name)}).secret_key
            for name in "abc"
        }
        assert len(keys) == 3

    def test_processes_that_start_at_once_agree_on_it(self, tmp_path: Path) -> None:
        def start(_number: int) -> str:
            return Settings.from_environ({"HALQA_DATA_DIR": str(tmp_path)}).secret_key

        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(start, range(8)))) == 1
        assert [path.name for path in tmp_path.iterdir()] == ["secret"]

    def test_a_file_that_others_can_read_stops_the_start(self, tmp_path: Path) -> None:
        (tmp_path / "secret").write_text(SECRET)
        (tmp_path / "secret").chmod(0o640)
        with pytest.raises(SettingsError, match="Others can read"):
            Settings.from_environ({"HALQA_DATA_DIR": str(tmp_path)})

    @pytest.mark.parametrize("secret", ["short", "x" * 64, "0123456789" * 3, "abcabcab" * 8])
    def test_a_weak_one_stops_the_start(self, tmp_path: Path, secret: str) -> None:
        with pytest.raises(SettingsError, match="secret key"):
            read(tmp_path, HALQA_SECRET_KEY=secret)

    def test_a_weak_file_stops_the_start_too(self, tmp_path: Path) -> None:
        (tmp_path / "secret").touch(0o600)
        with pytest.raises(SettingsError, match="secret key"):
            Settings.from_environ({"HALQA_DATA_DIR": str(tmp_path)})

    def test_it_is_never_printed(self, tmp_path: Path) -> None:
        assert SECRET not in repr(read(tmp_path))

    def test_each_purpose_has_a_key_of_its_own(self, tmp_path: Path) -> None:
        found = read(tmp_path)
        keys = {found.derive("a"), found.derive("b"), SECRET}
        assert len(keys) == 3
        assert found.derive("a") == read(tmp_path).derive("a")

    def test_the_server_says_why_it_does_not_start(self, tmp_path: Path) -> None:
        environment = {
            **os.environ,
            "HALQA_DATA_DIR": str(tmp_path),
            "HALQA_SECRET_KEY": "changeme",
        }
        done = subprocess.run(
            [sys.executable, "-c", "import app"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert "Halqa does not start. The secret key has 8 characters" in done.stderr
        assert "Traceback" not in done.stderr


class TestAddress:
    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("https://halqa.example.org", "https://halqa.example.org"),
            ("https://Halqa.Example.org/", "https://halqa.example.org"),
            ("https://halqa.example.org:443", "https://halqa.example.org"),
            ("http://127.0.0.1:8501", "http://127.0.0.1:8501"),
        ],
    )
    def test_the_base_url_is_kept_in_one_form(self, tmp_path: Path, given: str, kept: str) -> None:
        found = read(tmp_path, HALQA_BASE_URL=given)
        assert (found.base_url, found.address) == (kept, kept)
        assert found.https is kept.startswith("https")

    @pytest.mark.parametrize(
        "given", ["halqa.example.org", "ftp://a", "https://", "https://a/b", "https://u@a"]
    )
    def test_anything_else_stops_the_start(self, tmp_path: Path, given: str) -> None:
        with pytest.raises(SettingsError, match="HALQA_BASE_URL"):
            read(tmp_path, HALQA_BASE_URL=given)

    @pytest.mark.parametrize(
        ("environ", "address"),
        [
            ({"HOST": "0.0.0.0", "PORT": "8080"}, "http://127.0.0.1:8080"),
            ({"HOST": "::", "PORT": "80"}, "http://127.0.0.1:80"),
            ({"HOST": "::1"}, "http://[::1]:8501"),
            ({"HOST": "192.168.1.5"}, "http://192.168.1.5:8501"),
        ],
    )
    def test_the_printed_address_can_be_opened(
        self, tmp_path: Path, environ: Mapping[str, str], address: str
    ) -> None:
        assert read(tmp_path, **environ).address == address

    @pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "٨٠"])
    def test_a_port_that_is_none_stops_the_start(self, tmp_path: Path, port: str) -> None:
        with pytest.raises(SettingsError, match="PORT"):
            read(tmp_path, PORT=port)


def test_proxies_are_addresses_and_networks(tmp_path: Path) -> None:
    found = read(tmp_path, HALQA_TRUSTED_PROXIES="10.0.0.1, 192.168.0.0/16,::1")
    assert [str(each) for each in found.trusted_proxies] == [
        "10.0.0.1/32",
        "192.168.0.0/16",
        "::1/128",
    ]
    with pytest.raises(SettingsError, match="HALQA_TRUSTED_PROXIES"):
        read(tmp_path, HALQA_TRUSTED_PROXIES="proxy.example.org")


class TestBackups:
    def test_the_embedded_database_is_backed_up_for_two_weeks(self, tmp_path: Path) -> None:
        found = read(tmp_path)
        assert (found.backup_dir, found.backup_keep) == (tmp_path / "backups", 14)

    def test_a_database_server_is_left_to_its_keeper_unless_asked(self, tmp_path: Path) -> None:
        url = "postgresql+psycopg://user@host/name"
        assert read(tmp_path, HALQA_DATABASE_URL=url).backup_keep == 0
        assert read(tmp_path, HALQA_DATABASE_URL=url, HALQA_BACKUP_KEEP="7").backup_keep == 7

    def test_they_can_go_elsewhere_or_nowhere(self, tmp_path: Path) -> None:
        found = read(tmp_path, HALQA_BACKUP_DIR=str(tmp_path / "b"), HALQA_BACKUP_KEEP="0")
        assert (found.backup_dir, found.backup_keep) == (tmp_path / "b", 0)

    @pytest.mark.parametrize("keep", ["-1", "many", "3651", "1.5", "٣"])
    def test_a_number_that_is_none_stops_the_start(self, tmp_path: Path, keep: str) -> None:
        with pytest.raises(SettingsError, match="HALQA_BACKUP_KEEP"):
            read(tmp_path, HALQA_BACKUP_KEEP=keep)


@pytest.mark.parametrize(("given", "on"), [("1", True), ("yes", True), ("0", False), ("", False)])
def test_development_is_a_switch(tmp_path: Path, given: str, on: bool) -> None:
    assert read(tmp_path, HALQA_DEVELOPMENT=given).development is on


def test_development_that_is_neither_on_nor_off_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="HALQA_DEVELOPMENT"):
        read(tmp_path, HALQA_DEVELOPMENT="maybe")


def test_every_setting_that_is_read_is_named() -> None:
    source = Path(settings.__file__).read_text(encoding="utf-8")
    read_names = set(re.findall(r'environ\.get\(\s*"([A-Z_]+)"', source))
    assert read_names == set(NAMES)


def test_no_other_module_reads_the_environment() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for top in ("convening", "db", "pages")
        for path in (ROOT / top).rglob("*.py")
        if re.search(r"os\.(environ|getenv)", path.read_text(encoding="utf-8"))
    ]
    assert wrong == ["convening/settings.py"]


def test_every_setting_stands_in_the_documents() -> None:
    text = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    described = set(re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE))
    assert described == set(NAMES)


class TestMailServer:
    def test_without_one_nothing_is_sent(self, tmp_path: Path) -> None:
        found = read(tmp_path)
        assert (found.smtp, found.mail_from) == (None, "")

    @pytest.mark.parametrize(
        ("url", "kept"),
        [
            ("smtp://mail.example.org", Smtp("mail.example.org", 587, Tls.STARTTLS)),
            ("smtp://mail.example.org:2525", Smtp("mail.example.org", 2525, Tls.STARTTLS)),
            ("smtps://mail.example.org", Smtp("mail.example.org", 465, Tls.IMPLICIT)),
            ("smtp+plain://mail.example.org", Smtp("mail.example.org", 25, Tls.NONE)),
            ("smtp://localhost:1025", Smtp("localhost", 1025, Tls.IF_OFFERED)),
            ("smtp://127.0.0.1:1025", Smtp("127.0.0.1", 1025, Tls.IF_OFFERED)),
            ("smtp://[::1]:1025", Smtp("::1", 1025, Tls.IF_OFFERED)),
            ("smtps://localhost", Smtp("localhost", 465, Tls.IMPLICIT)),
            (
                "smtp://halqa%40example.org:p%40ss%2Fw%3Aord@mail.example.org:587",
                Smtp("mail.example.org", 587, Tls.STARTTLS, "halqa@example.org", "p@ss/w:ord"),
            ),
        ],
    )
    def test_its_address_says_how_it_is_reached(self, tmp_path: Path, url: str, kept: Smtp) -> None:
        found = read(tmp_path, HALQA_SMTP_URL=url, HALQA_MAIL_FROM="halqa@example.org")
        assert found.smtp == kept
        assert found.mail_from == "halqa@example.org"

    @pytest.mark.parametrize(
        "url",
        [
            "mail.example.org",
            "http://mail.example.org",
            "smtp://",
            "smtp://hush-hush@mail.example.org",
            "smtp://user:hush-hush@mail.example.org/inbox",
            "smtp://user:hush-hush@mail.example.org:port",
            "smtp://user:hush-hush/slash@mail.example.org",
            "smtp://user:hush-hush%C3%A9@mail.example.org",
            "smtp://user:hush-hush@mail.example.org:0",
        ],
    )
    def test_anything_else_stops_the_start_without_telling_the_password(
        self, tmp_path: Path, url: str
    ) -> None:
        with pytest.raises(SettingsError, match="HALQA_SMTP_URL") as raised:
            read(tmp_path, HALQA_SMTP_URL=url, HALQA_MAIL_FROM="halqa@example.org")
        assert "hush-hush" not in str(raised.value)
        assert raised.value.__cause__ is None

    def test_it_needs_an_address_that_mail_is_from(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match="HALQA_MAIL_FROM"):
            read(tmp_path, HALQA_SMTP_URL="smtps://mail.example.org")

    @pytest.mark.parametrize(
        "address", ["halqa", "a b@example.org", "a@b\nBcc: c@d", "Halqa <a@example.org>", "ح@b.org"]
    )
    def test_that_address_is_one_plain_address(self, tmp_path: Path, address: str) -> None:
        with pytest.raises(SettingsError, match="HALQA_MAIL_FROM"):
            read(tmp_path, HALQA_MAIL_FROM=address)

    def test_user_and_password_are_never_printed(self, tmp_path: Path) -> None:
        url = "smtps://some-user:hush-hush@mail.example.org"
        found = read(tmp_path, HALQA_SMTP_URL=url, HALQA_MAIL_FROM="halqa@example.org")
        shown = f"{found!r} {found.smtp} {found.smtp!r}"
        assert "mail.example.org:465" in shown
        assert "some-user" not in shown
        assert "hush-hush" not in shown

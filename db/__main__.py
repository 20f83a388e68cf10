"""Work on the database from a terminal: ``python -m db upgrade``, ``reset-password USER``, ..."""

import argparse
import getpass
import os
import sys
import tempfile
from pathlib import Path

from convening import settings
from convening.i18n import Translator
from convening.problems import ConveningError
from convening.vocabulary import Language
from db import backup_tasks, mailer, migrate, transaction
from db.commands import login, samples
from db.engine import Engines, connect, current_engines
from db.queries import accounts
from db.samples import large


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m db", description=__doc__)
    tasks = parser.add_subparsers(dest="task", required=True)
    tasks.add_parser("upgrade", help="bring the database to the current tables")
    seeding = tasks.add_parser("seed", help="load the sample initiatives for an administrator")
    seeding.add_argument("--people", type=int, help="instead: one initiative of so many people")
    seeding.add_argument("--invitations", type=int, default=0, help="and of so many invitations")
    tasks.add_parser("send-mail", help="send the messages that wait, once")
    writing = tasks.add_parser("backup", help="write all data into one file")
    writing.add_argument("file", type=Path)
    restoring = tasks.add_parser("restore", help="replace all data by those of a backup")
    restoring.add_argument("file", type=Path)
    restoring.add_argument("--yes", action="store_true", help="do not ask")
    tasks.add_parser("scheduled-backup", help="make the backup of today, unless there is one")
    reset = tasks.add_parser("reset-password", help="set a new password for a user")
    reset.add_argument("user", help="the e-mail address of the account")
    revision = tasks.add_parser("revision", help="write a migration from the changed tables")
    revision.add_argument("message")
    options = parser.parse_args(arguments)
    try:
        if options.task == "revision":
            print(draft_revision(options.message))
        elif options.task == "upgrade":
            migrate.upgrade(current_engines().write)
        elif options.task == "seed":
            migrate.upgrade(current_engines().write)
            seed(current_engines(), options.people, options.invitations)
        elif options.task == "backup":
            backup_tasks.back_up(current_engines(), options.file)
        elif options.task == "restore":
            backup_tasks.restore(current_engines(), options.file, sure=options.yes)
        elif options.task == "scheduled-backup":
            backup_tasks.scheduled(current_engines())
        elif options.task == "send-mail":
            return send_mail(current_engines())
        else:
            reset_password(current_engines(), options.user)
    except (settings.SettingsError, ConveningError) as error:
        print(_words(error), file=sys.stderr)
        return 1
    return 0


def draft_revision(message: str) -> Path:
    """A new migration, found by comparing the tables with an empty database brought to head."""
    with tempfile.TemporaryDirectory() as folder:
        engines = connect(f"sqlite:///{folder}/empty.sqlite3")
        try:
            migrate.upgrade(engines.write)
            return migrate.revision(engines.write, message)
        finally:
            engines.dispose()


def seed(engines: Engines, people: int | None = None, invitations: int = 0) -> None:
    """Loads the sample initiatives, with the first active administrator as their manager.

    ``people`` asks for one initiative of that size instead; it leaves no journal.
    """
    with transaction.writing(
        engines, actor_id=None, command="seed", journalled=people is None
    ) as session:
        administrator = accounts.first_administrator(session)
        if administrator is None:
            raise ConveningError("no_administrator")
        if people is None:
            samples.load(session, administrator)
        else:
            large.write(session, administrator.user_id, people=people, invitations=invitations)


def send_mail(engines: Engines) -> int:
    """Sends what is due, and says how much of it left; 1 where the mail server was not reached."""
    if settings.current().smtp is None:
        raise ConveningError("no_mail_server")
    migrate.upgrade(engines.write)
    sent, reached = mailer.send_all(engines)
    t = Translator(Language.ENGLISH)
    print(t("mail.sent_by_command", count=sent))
    if not reached:
        print(t("mail.not_reached"), file=sys.stderr)
    return 0 if reached else 1


def reset_password(engines: Engines, email: str) -> None:
    """Asks twice for a new password, sets it, and ends the user's login sessions."""
    migrate.upgrade(engines.write)
    password = getpass.getpass("New password: ")
    if getpass.getpass("Once more: ") != password:
        raise ConveningError("passwords_differ")
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        login.reset_password(session, email, password)


def _words(error: Exception) -> str:
    if not isinstance(error, ConveningError):
        return str(error)
    t = Translator(Language.ENGLISH)
    return "\n".join(t(problem) for problem in error.problems)


if __name__ == "__main__":
    os.umask(0o077)  # what this writes is for its own account alone
    sys.exit(main())

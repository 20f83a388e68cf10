"""The fixtures of the tests of the database."""

from tests.db.installations import installation, installed, migrated_database, migrated_file

__all__ = ["installation", "installed", "migrated_database", "migrated_file"]

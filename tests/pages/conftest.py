"""The fixtures of the tests of screens."""

from tests.pages.screens import ada, screens
from tests.pages.site import site

__all__ = ["ada", "screens", "site"]

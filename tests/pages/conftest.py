"""The fixtures of the tests of screens."""

from tests.pages.site import site

__all__ = ["site"]

"""The spools for this folder's tests."""

from tests.plugins.spools import opened, spool

__all__ = ["opened", "spool"]

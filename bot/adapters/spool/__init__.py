"""Files beside the database, for webhook bodies that it cannot take right now."""

from bot.adapters.spool.spool import FileSpool

__all__ = ["FileSpool"]

"""The composition root: `build` is the only wiring. serve, the demo and the tests share it."""

from bot.app.alone import alone
from bot.app.databases import open_database, spool_folder, unreachable
from bot.app.serving import listening, serve, stopping
from bot.app.wiring import App, build

__all__ = ["App", "alone", "build", "listening", "open_database", "serve", "spool_folder", "stopping", "unreachable"]

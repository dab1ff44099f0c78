"""The composition root: `build` is the only wiring. serve, the demo and the tests share it."""

from bot.app.databases import open_database
from bot.app.serving import listening, serve, stopping
from bot.app.wiring import App, build

__all__ = ["App", "build", "listening", "open_database", "serve", "stopping"]

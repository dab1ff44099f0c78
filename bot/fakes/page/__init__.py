"""The demo page: a small Slack workspace beside a panel that makes things happen in a simulated Quay.

`routes(demo)` is everything the web server needs; `demo` is whoever keeps the promises of `DemoWorld`. The page itself
is hand-written HTML, CSS and ES modules in `site/`: no build step, nothing fetched from anywhere else.

    board = Board()                                # who changes something calls board.bump()
    app.add_routes(routes(demo))
    app.on_shutdown.append(board.close_streams)    # ends the open event streams, so that stopping takes no minute
"""

from aiohttp import web

from bot.fakes.page import acts, events, files, state, static
from bot.fakes.page.board import Board, Line
from bot.fakes.page.happenings import HAPPENINGS, Happening
from bot.fakes.page.world import DemoWorld, Hint, Note, SlackSide

__all__ = ["HAPPENINGS", "Board", "DemoWorld", "Happening", "Hint", "Line", "Note", "SlackSide", "routes"]


def routes(demo: DemoWorld) -> list[web.RouteDef]:
    """Every route of the page: `/`, its files under `/page/`, and what it reads and does under `/demo/`."""
    return [*static.routes(), state.route(demo), files.route(demo), events.route(demo.board), *acts.routes(demo)]

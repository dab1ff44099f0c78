"""The frame of every page, and small pieces of HTML. Whatever is filled in is escaped."""

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

_FRAME = Markup(
    """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="stylesheet" href="{base}/quay/link/style.css">
{head}</head>
<body{data}>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `script` is the name of its script file; `data` are the values that the script finds on the body.

    `onward` is the address that the browser moves on to by itself; `again` the seconds after which a browser without
    scripts asks for the page again.
    """

    title: str
    body: Markup
    script: str = ""
    data: tuple[tuple[str, str], ...] = ()
    onward: str = ""
    again: int = 0

    def html(self, base: str) -> str:
        """The whole document. `base` is the path below which the bot's addresses are."""
        return str(_FRAME.format(title=self.title, base=base, head=self._head(base), data=self._data(), body=self.body))

    def _head(self, base: str) -> Markup:
        parts = Markup("")
        if self.onward:
            parts += Markup('<meta http-equiv="refresh" content="0; url={}">\n').format(self.onward)
        if self.again:
            parts += Markup('<noscript><meta http-equiv="refresh" content="{}"></noscript>\n').format(self.again)
        if self.script:
            parts += Markup('<script src="{}/quay/link/{}" defer></script>\n').format(base, self.script)
        return parts

    def _data(self) -> Markup:
        return Markup("").join(Markup(' data-{}="{}"').format(name, value) for name, value in self.data)


def spoken(say: str) -> Markup:
    """One of our sentences; what stands between backticks becomes code, everything is escaped."""
    pieces = say.split("`")
    if len(pieces) % 2 == 0:  # a lonely backtick is only a character
        pieces = [say]
    shapes = (Markup("{}"), Markup("<code>{}</code>"))
    return Markup("").join(shapes[index % 2].format(piece) for index, piece in enumerate(pieces))


def paragraph(say: str, kind: str = "") -> Markup:
    """A paragraph of one of our sentences. `kind` is a class of the style sheet."""
    return Markup("<p{}>{}</p>\n").format(Markup(' class="{}"').format(kind) if kind else "", spoken(say))


def listed(items: Iterable[Markup]) -> Markup:
    """A list of points."""
    return Markup("<ul>\n{}</ul>\n").format(_points(items))


def steps(items: Iterable[Markup]) -> Markup:
    """A list of what to do, one after the other."""
    return Markup("<ol>\n{}</ol>\n").format(_points(items))


def _points(items: Iterable[Markup]) -> Markup:
    return Markup("").join(Markup("<li>{}</li>\n").format(item) for item in items)


def away(address: str, words: str) -> Markup:
    """A link to another site, in a tab of its own, that says nothing about where it stands."""
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(address, words)

"""What the page for a secret says: the question, the secret with its snippets, and why there is nothing to see."""

from datetime import datetime

from markupsafe import Markup

from bot.domain.people import Profile
from bot.ports import Reveal, Veiled
from bot.rules.clocks import clock_time, zone_from
from bot.rules.robot_snippets import HISTORY, renewal
from webhooks.pages.html import Page, paragraph
from webhooks.pages.people import named

STALE = "This page is too old, or your browser keeps no cookies. Open the link from Slack again."
BROKEN = (
    "Something is wrong on my side, and nothing was shown. Whoever runs the bot finds the reason in its log. If it "
    "stays so, make a new token with `/quay robot regenerate` in Slack."
)
_YOURS = "Go on only if you asked for it yourself. If somebody else sent you this link, close the page and tell them."
_AGAIN = "If you still need a token, make a new one: `/quay robot regenerate` in Slack."
_FORM = Markup(
    """<form method="post" action="{action}" autocomplete="off">
<input type="hidden" name="csrf" value="{csrf}">
<button type="submit">Show it now</button>
</form>
"""
)
_SNIPPET = Markup(
    """<section>
<h2>{title}</h2>
<pre tabindex="0"><code id="text-{number}">{text}</code></pre>
<button type="button" data-copy="text-{number}" hidden>Copy</button>
</section>
"""
)
_LONGEST = 400  # characters of a title


def question(veiled: Veiled, who: Profile, now: datetime, action: str, csrf: str) -> Page:
    """What it is and whose, and a button; `csrf` proves that the form is ours. Times are on the clock of `who`."""
    whose = Markup("<p><strong><bdi>{}</bdi></strong>, for the Slack user {}.</p>\n").format(
        _title(veiled.title), named(who.name, veiled.person.user)
    )
    until = clock_time(veiled.expires_at, now, zone_from(who))
    parts = (
        whose,
        paragraph(f"It is shown one time only, and only until {until}. Be ready to copy it."),
        paragraph(_YOURS, "warning"),
        _FORM.format(action=action, csrf=csrf),
    )
    return Page("Show a secret once", Markup("").join(parts))


def secret(reveal: Reveal) -> Page:
    """The secret itself, ready to be copied."""
    parts = [
        Markup("<p><strong><bdi>{}</bdi></strong></p>\n").format(_title(reveal.title)),
        paragraph("Copy what you need before you close this page: nobody can show it again.", "warning"),
        Markup('<p id="words" role="status" aria-live="polite"></p>\n'),
        *(
            _SNIPPET.format(title=title, number=number, text=text.rstrip("\n"))
            for number, (title, text) in enumerate(reveal.snippets, 1)
        ),
        paragraph(HISTORY, "small"),
    ]
    return Page("Shown once", Markup("").join(parts), script="reveal.js")


def shown_before(veiled: Veiled, who: Profile, now: datetime) -> Page:
    """Somebody has looked."""
    at = f" at {clock_time(veiled.shown_at, now, zone_from(who))}" if veiled.shown_at else ""
    return Page(
        "It was shown already",
        paragraph(f"It was shown already{at}, and is not kept.")
        + paragraph(f"If that was not you, make a new token at once: `{renewal(veiled.title)}` in Slack."),
    )


def late(veiled: Veiled) -> Page:
    """Nobody has looked in time."""
    again = f"If you still need a token, make a new one: `{renewal(veiled.title)}` in Slack."
    why = "The time in which it could be opened is over, and nobody has opened it. Now nobody knows that token."
    return Page("This link is too old", paragraph(why) + paragraph(again))


def gone() -> Page:
    """There is nothing behind the ticket."""
    return Page("Nothing to see here", paragraph("There is nothing to show, or nothing any more.") + paragraph(_AGAIN))


def trouble(say: str) -> Page:
    """Something is wrong; nothing was shown."""
    return Page("That did not work", paragraph(say))


def _title(title: str) -> str:
    return title if len(title) <= _LONGEST else title[: _LONGEST - 1] + "…"

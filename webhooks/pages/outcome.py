"""The pages after Quay: reading the fragment, the code for Slack, the end, and whatever went wrong."""

from markupsafe import Markup

from bot.rules.link_codes import shown
from bot.services.linking import Visit, Waiting
from webhooks.pages import people
from webhooks.pages.html import Page, paragraph, spoken, steps

AGAIN = 15  # seconds, for browsers without scripts

_BACK = "To try again, open the link from Slack once more. If it is too old, type `/quay link` there."


_ASK = Markup(
    """<div id="ask" hidden>
<p>Quay has sent a token. Use it for {} in {}?</p>
<p class="warning">Press the button only if you have just authorized this bot on {} yourself. Any website can
lead you to this page, with a token of its own.</p>
<button id="use" type="button">Use it</button>
</div>
"""
)


def fragment(csrf: str, to: str, whose: Visit | None = None, host: str = "") -> Page:
    """Reads, by script, what Quay put behind the `#`: servers never see it. Without `csrf` it only takes it away.

    A token that comes without a state may be anybody's: it is used only after a press, for the person of `whose`.
    """
    body = Markup(
        '<p id="words" role="status" aria-live="polite">Reading Quay’s answer.</p>\n'
        "<noscript><p>This one page needs JavaScript: Quay’s answer stands behind the # of the address, where only a "
        "script can read it. Allow scripts for this site and go back one page, or take another way to link.</p>"
        "</noscript>\n"
    )
    if whose is not None:
        body += _ASK.format(people.person(whose), people.workspace(whose), host)
    return Page("One moment …", body, script="fragment.js", data=(("csrf", csrf), ("to", to)))


def code(waiting: Waiting, host: str, status: str) -> Page:
    """The code, whose account it is about, and for whom in Slack."""
    visit, signs = waiting.visit, shown(waiting.code)
    todo = [
        Markup("Go back to Slack, as {} in {}.").format(people.person(visit), people.workspace(visit)),
        spoken(f"In my message to you, press Enter the code. Or type `/quay link {signs}`."),
    ]
    body = Markup("").join(
        [
            Markup("<p>You are signed in on {} as <strong><bdi>{}</bdi></strong>. Your code for Slack:</p>\n").format(
                host, people.short(visit.attempt.username)
            ),
            Markup('<p class="code"><code>{}</code></p>\n').format(signs),
            steps(todo),
            paragraph(
                "Type this code only into Slack, only as yourself, and give it to nobody. Nobody will ever ask you for "
                "it. If somebody sent you the link to this, they want your account: close the page, and nothing is "
                "linked.",
                "warning",
            ),
            Markup('<p id="words" role="status" aria-live="polite">Waiting for the code in Slack …</p>\n'),
        ]
    )
    return Page("Enter this code in Slack", body, script="status.js", data=(("status", status),), again=AGAIN)


def done(waiting: Waiting, host: str) -> Page:
    """Linked."""
    visit = waiting.visit
    body = Markup("<p>{} acts as <strong><bdi>{}</bdi></strong> on {} now. You can close this page.</p>\n").format(
        people.person(visit), people.short(visit.attempt.username), host
    )
    return Page("Linked", body + paragraph("In Slack, `/quay whoami` shows it and `/quay unlink` ends it."))


def nothing() -> Page:
    """No code waits for this browser."""
    return Page(
        "Nothing to see here",
        paragraph("No code waits in this browser. It was entered, withdrawn or tried too often, or it is too old.")
        + paragraph("Slack tells you if your account was linked. If not, type `/quay link` there again."),
    )


def gone() -> Page:
    """There is nothing (any more) behind a ticket."""
    return Page(
        "This link is over",
        paragraph("It is too old, or you asked for a newer one. Type `/quay link` in Slack again: you get a new link."),
    )


def taken() -> Page:
    """Somebody has been to Quay with this ticket, in another browser."""
    return Page(
        "This link is used",
        paragraph("Somebody has signed in with it already, in another browser. The code is shown there.")
        + paragraph("If that was not you, press That was not me in my message in Slack, and type `/quay link` again."),
    )


def trouble(title: str, say: str, *, again: bool = False) -> Page:
    """Something is wrong; `say` tells what. `again`: the link from Slack may still work."""
    return Page(title, paragraph(say) + (paragraph(_BACK) if again else Markup("")))

"""The page behind the link from Slack, which says who asks for what, and the page that leads on to Quay."""

from markupsafe import Markup

from bot.services.linking import NOT_SET_UP, Departure, Visit, Ways
from webhooks.pages import people
from webhooks.pages.html import Page, away, listed, paragraph, steps

_FORM = Markup(
    """<form method="post" action="{action}" autocomplete="off">
<input type="hidden" name="csrf" value="{csrf}">
<input type="hidden" name="way" value="{way}">
{fields}<button type="submit">{label}</button>
</form>
"""
)
_ASSIGNMENT = Markup(
    """<label for="assignment">Link or number of the assignment, if you have it</label>
<input id="assignment" name="assignment" type="text" maxlength="2000" spellcheck="false" value="{typed}"{invalid}>
{error}<p id="how" class="small">Empty is fine, too: then you find it in Quay, and come back here by yourself.</p>
"""
)


_ERROR = Markup('<p id="wrong" class="warning" role="alert">{}</p>\n')


def consent(
    visit: Visit, ways: Ways, quay: tuple[str, str], form: tuple[str, str], wrong: tuple[str, str] = ("", "")
) -> Page:
    """Who, where, what for, and the ways to go on. `quay` is its name and its address; `form` is where the forms go,
    and what proves that they are ours. `wrong` is what was typed as an assignment, and why it is none.
    """
    (host, _), (action, csrf) = quay, form
    body = Markup("").join(
        [
            Markup(
                "<p>This connects the Slack user {} in the workspace {} with <em>your</em> account on "
                "<strong>{}</strong>.</p>\n"
            ).format(people.person(visit), people.workspace(visit), host),
            paragraph(
                "Go on only if that is you, and you typed `/quay link` yourself just now. If somebody sent you this "
                "link, close the page: they want to act as you.",
                "warning",
            ),
            paragraph("In Quay I do only what you ask for, as you, and never more than you may do yourself. For that:"),
            listed(people.scope(name) for name in sorted(visit.attempt.scopes)),
            _sign_in(ways.code, quay, _form(action, csrf, "code", f"Sign in through {host}")),
            _assigned(ways.assigned, visit, _form(action, csrf, "assigned", "Use the assigned token", _field(*wrong))),
            Markup("<h2>Neither works for you?</h2>\n"),
            paragraph(
                "Make a token in Quay yourself, if you manage an organization there, and paste it in Slack: type "
                "`/quay link` and choose Paste a token."
            ),
        ]
    )
    return Page("Link your Quay account", body)


def leaving(departure: Departure, host: str) -> Page:
    """On to Quay. The page moves on by itself: a form's own redirect would not get past the page's policy."""
    if departure.alone:
        return _alone(departure, host)
    body = Markup('<p>If nothing happens: <a href="{}" rel="noreferrer">go on to {}</a>.</p>\n').format(
        departure.address, host
    )
    return Page(f"On to {host} …", body, onward=departure.address)


def _form(action: str, csrf: str, way: str, label: str, fields: Markup | str = "") -> Markup:
    return _FORM.format(action=action, csrf=csrf, way=way, fields=fields, label=label)


def _field(typed: str, error: str) -> Markup:
    described = Markup(' aria-invalid="true" aria-describedby="wrong how" autofocus')
    return _ASSIGNMENT.format(
        typed=typed,
        invalid=described if error else Markup(' aria-describedby="how"'),
        error=_ERROR.format(error) if error else "",
    )


def _sign_in(why_not: str, quay: tuple[str, str], form: Markup) -> Markup:
    """The code flow, and what to do at its two dead ends, from which Quay leads nobody back (facts §2.1, §2.2)."""
    head = Markup("<section>\n<h2>Sign in through Quay</h2>\n{}</section>\n")
    if why_not:
        return head.format(paragraph(NOT_SET_UP))
    host, address = quay
    notes = listed(
        [
            Markup(
                "<strong>Sign in to Quay first</strong>, in this browser: {}. Otherwise Quay shows an error "
                "(<q>Unauthorized</q>, 401) and no form. Then sign in there and open this page again."
            ).format(away(address, f"open {host}")),
            Markup(
                "Quay lets only <strong>administrators of the organization that owns the bot’s application</strong> "
                "pass. It tells everybody else <q>Forbidden</q> (403). Then come back and take the next way."
            ),
        ]
    )
    return head.format(notes + form)


def _assigned(why_not: str, visit: Visit, form: Markup) -> Markup:
    head = Markup("<section>\n<h2>I was assigned a token</h2>\n{}</section>\n")
    if why_not:
        return head.format(paragraph(NOT_SET_UP))
    scopes = " ".join(f"`{name}`" for name in sorted(visit.attempt.scopes))
    words = paragraph(
        "For everybody else: an administrator of that organization opens the bot’s application in Quay, chooses "
        f"Generate Token with {scopes}, and assigns it to you. Quay then asks for your consent. Be signed in to Quay "
        "in this browser."
    )
    return head.format(words + form)


def _alone(departure: Departure, host: str) -> Page:
    todo = [
        Markup("Open {} in this browser, and sign in.").format(away(departure.address, host)),
        Markup(
            "Find the assigned authorization of this bot: behind the bell, or in your account’s settings, where "
            "authorized applications are listed."
        ),
        Markup("Authorize it. You come back here by yourself, to a page that asks if it was you, then shows a code."),
    ]
    return Page("Authorize it in Quay", steps(todo) + paragraph("You have ten minutes, from the link on."))

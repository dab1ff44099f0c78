"""The few pages of the fake that people see: signing in, and the consent. Own words; plain forms without scripts."""

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from bot.fakes.quay import scopes
from bot.fakes.quay.identities import Application, User

_FRAME = Markup(
    "<!doctype html>\n<html lang=en>\n<meta charset=utf-8>\n<title>{title}</title>\n"
    '<meta name=viewport content="width=device-width, initial-scale=1">\n'
    "<style>body{{font:16px/1.5 sans-serif;max-width:32rem;margin:3rem auto;padding:0 1rem}}"
    "label,input{{display:block}}input,button{{font:inherit;padding:.4rem .8rem;margin:.3rem 0 .8rem}}"
    "form{{display:inline-block;margin-right:1rem}}</style>\n<h1>{title}</h1>\n{body}\n"
)
_HIDDEN = Markup('<input type=hidden name="{0}" value="{1}">')
_FORM = Markup('<form id="{id}" method=post action="{action}">{fields}<button type=submit>{label}</button></form>\n')
_ASKED = Markup("<label>{label}<input name={name} type={kind} autocomplete=off required></label>")


def _page(title: str, *body: Markup) -> str:
    return str(_FRAME.format(title=title, body=Markup("\n").join(body)))


def _form(name: str, action: str, label: str, hidden: Mapping[str, str], asked: Markup | None = None) -> Markup:
    fields = Markup("").join(_HIDDEN.format(key, value) for key, value in hidden.items())
    return _FORM.format(id=name, action=action, label=label, fields=fields + (asked or Markup("")))


def sign_in(hidden: Mapping[str, str], complaint: str, offered: Iterable[User]) -> str:
    """The form for name and password; `offered` accounts get a button that fills both in, for demonstrations."""
    asked = _ASKED.format(label="User name", name="username", kind="text")
    asked += _ASKED.format(label="Password", name="password", kind="password")
    parts = [Markup("<p role=alert>{}</p>").format(complaint)] if complaint else []
    parts.append(_form("signin", "/signin", "Sign in", hidden, asked))
    chosen = [
        _form(f"as-{user.name}", "/signin", user.name, {**hidden, "username": user.name, "password": user.password})
        for user in offered
    ]
    if chosen:
        parts += [Markup("<h2>Or choose an account</h2>\n<p>Nothing here is real.</p>"), *chosen]
    return _page("Sign in to the simulated Quay", *parts)


def consent(user: User, application: Application, hidden: Mapping[str, str], elsewhere: str) -> str:
    """The question whether an application may act for somebody, with what it asks for."""
    wishes = Markup("\n").join(
        Markup("<li><code>{scope}</code> {description}</li>").format(**found)
        for found in scopes.information(hidden["scope"])
    )
    who = Markup('<p>You are signed in as <b id=user>{}</b>. <a href="{}">Use another account</a></p>')
    what = Markup("<p><b>{}</b> of the organization <b>{}</b> asks to act for you:</p>\n<ul>{}</ul>")
    return _page(
        f"Authorize {application.name}?",
        who.format(user.name, elsewhere),
        what.format(application.name, application.organization, wishes),
        _form("authorize", "/oauth/authorizeapp", "Authorize", hidden),
        _form("deny", "/oauth/denyapp", "Deny", hidden),
    )


def front(user: str, assigned: Iterable[tuple[str, str]], elsewhere: str) -> str:
    """The front page: who is signed in ("" for nobody), and what was assigned to them, by name and address."""
    words = Markup("<p>A real Quay shows its front page here. This one is simulated.</p>")
    if not user:
        return _page("Quay", words, Markup(way_in(elsewhere)))
    who = Markup('<p>You are signed in as <b id=user>{}</b>. <a href="{}">Use another account</a></p>')
    offers = [
        Markup('<li class=assigned><a href="{}">Authorize {}</a>, which was assigned to you</li>').format(where, name)
        for name, where in assigned
    ]
    listed = Markup("<ul>\n{}\n</ul>").format(Markup("\n").join(offers)) if offers else Markup("")
    return _page("Quay", words, who.format(user, elsewhere), listed)


def local_app() -> str:
    """Where tokens for applications without an address end up: in the fragment of this page's address."""
    return _page("Token made", Markup("<p>The token is in the address of this page, behind the sign #.</p>"))


def way_in(elsewhere: str) -> str:
    """What is added to the page for people who are not signed in."""
    return str(Markup('<p><a href="{}">Sign in to the simulated Quay</a></p>\n').format(elsewhere))

"""What is said to Quay when a browser is sent there, and what is taken from what comes back (facts §2.1, §2.2)."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlencode, urlsplit

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SCOPE = re.compile(r"[a-z]+:[a-z]+")


def scope_text(scopes: frozenset[str]) -> str:
    """Scopes as Quay is asked for them; at the exchange it has to be the same to the letter (facts §2.1)."""
    return " ".join(sorted(scopes))


def named(scope: str) -> frozenset[str] | None:
    """The scopes in what Quay sent back; None if it names none, so that nobody knows."""
    return frozenset(word for word in re.split(r"[\s,]+", scope) if _SCOPE.fullmatch(word)) or None


def consent(quay_url: str, asked: dict[str, str]) -> str:
    """The address of Quay's page that asks for consent. What is empty is left out."""
    given = {name: value for name, value in asked.items() if value}
    return f"{quay_url}/oauth/authorize?{urlencode(given, quote_via=quote)}"


@dataclass(frozen=True, slots=True)
class Assignment:
    """A token that an admin has assigned. `scopes` are those that Quay's own link asks for; None: nobody knows."""

    uuid: str = ""
    scopes: frozenset[str] | None = None


def assignment(typed: str) -> Assignment | None:
    """The assignment in its uuid or in Quay's link to it; an empty one for nothing, None for anything else.

    Where the browser goes does not depend on what was typed: only the uuid and the scopes are taken from a link.
    """
    typed = typed.strip()
    if not typed:
        return Assignment()
    try:
        query = parse_qs(urlsplit(typed).query, max_num_fields=50)
    except ValueError:
        return None
    uuid = query.get("assignment_uuid", [typed])[0]
    return Assignment(uuid.lower(), named(query.get("scope", [""])[0])) if _UUID.fullmatch(uuid) else None

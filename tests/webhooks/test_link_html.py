"""Whatever people, workspaces and accounts are called, a page keeps its elements and attributes."""

from datetime import UTC, datetime
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.people import Person, Profile, Way, Workspace
from bot.ports import LinkAttempt, LinkStage
from bot.services.linking import Departure, Visit, Waiting, Ways
from webhooks.pages import consent, outcome, sorry
from webhooks.pages.html import Page, spoken

NOW = datetime(2026, 11, 23, tzinfo=UTC)
names = st.text() | st.sampled_from(
    ["<script>", '"><img src=x>', "' onload='x", "</title>", "&lt;b&gt;", "{0}", "\u202ex"]
)


class Shape(HTMLParser):
    """The elements of a page with the names of their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))


def shape(page: Page) -> list[tuple[str, tuple[str, ...]]]:
    return Shape(page.html("/base")).found


def visit(person: str, workspace: str, username: str) -> Visit:
    attempt = LinkAttempt(
        1, Person("T1", "U1"), LinkStage.CONFIRM, Way.CODE, frozenset({"repo:read"}), "", NOW, username=username
    )
    return Visit(attempt, Profile("U1", person), Workspace("T1", workspace))


def asking(found: Visit, wrong: tuple[str, str] = ("", "")) -> Page:
    return consent.consent(found, Ways(), ("q.example", "https://q.example"), ("/quay/link/x", "00"), wrong)


@given(names, names, names)
def test_names_add_nothing_to_a_page(person: str, workspace: str, username: str) -> None:
    plain, odd = visit("Ann", "Acme", "ann"), visit(f"n{person}", f"n{workspace}", f"n{username}")
    assert shape(asking(odd)) == shape(asking(plain))
    assert shape(outcome.code(Waiting(odd, "AC3K7WXY"), "q", "/s")) == shape(
        outcome.code(Waiting(plain, "AC3K7WXY"), "q", "/s")
    )
    assert shape(outcome.done(Waiting(odd, ""), "q")) == shape(outcome.done(Waiting(plain, ""), "q"))


@given(names)
def test_an_address_stays_in_its_attribute(rest: str) -> None:
    pages = [consent.leaving(Departure(f"https://q.example/{text}", "c"), "q") for text in ("x", rest)]
    assert shape(pages[0]) == shape(pages[1])


@given(names)
def test_what_quay_calls_its_error_changes_no_element(error: str) -> None:
    assert shape(sorry.page(error, "https://b/cb")[0]) == shape(sorry.page("authorization_denied", "https://b/cb")[0])


@given(names)
def test_what_was_typed_stays_in_its_field(typed: str) -> None:
    found, why = visit("Ann", "Acme", "ann"), "That is no assignment."
    assert shape(asking(found, (typed, why))) == shape(asking(found, ("x", why)))


@given(names)
def test_a_sentence_brings_no_element_but_code(say: str) -> None:
    assert {tag for tag, _ in Shape(str(spoken(say))).found} <= {"code"}


def test_code_is_marked_and_a_lonely_backtick_is_a_character() -> None:
    assert spoken("type `/quay link` <now>") == "type <code>/quay link</code> &lt;now&gt;"
    assert spoken("a ` b") == "a ` b"

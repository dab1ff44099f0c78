"""`/quay audit`: who may see what, what is written down about looking, and what Quay's own log says to it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot.blocks.audit import in_quays_log
from bot.blocks.validator import neutral_problems, problems
from bot.domain.acts import Act, Deed, Outcome
from bot.domain.errors import NotLinked, TryLater, UserError
from bot.domain.people import Account, Person
from bot.ports import Line, LogEntry, Sighting
from bot.rules.chain import FIRST, linked
from bot.services.accounts import NOT_LINKED
from bot.services.audit import AuditBook
from handlers.actions import audit_older
from handlers.audit_question import Question, read
from handlers.command import Ask, Click, Reply
from handlers.commands import audit
from handlers.grammar import UsageError
from tests.plugins.rows import NOW

QUAY_URL = "https://quay.example"
ALICE, BOB, CAROL, DAVE = (Person("T1", f"U{name}") for name in ("ALICE", "BOB", "CAROL", "DAVE"))
NAMES = {ALICE: "alice", BOB: "bob", CAROL: "carol"}  # alice is an admin, carol an auditor, dave has no account
WEB = Act("build", "acme/web", {"branch": "main"})


@dataclass
class Lines:
    """The audit in memory."""

    lines: list[Line] = field(default_factory=list)
    full: bool = False

    async def append(self, deed: Deed) -> Line:
        if self.full:
            raise TryLater("The database does not answer.")
        previous = self.lines[-1].hash if self.lines else FIRST
        number = len(self.lines) + 1
        self.lines.append(Line(number, deed, previous, linked(number, previous, deed)))
        return self.lines[-1]

    async def first(self, reference: str) -> Line | None:
        return next((line for line in self.lines if reference in (line.deed.reference, line.deed.approval)), None)

    async def newest(
        self,
        *,
        person: Person | None = None,
        target: str = "",
        reference: str = "",
        before: int = 0,
        limit: int = 10,
        listing: bool = False,
    ) -> tuple[Line, ...]:
        assert listing is not bool(reference)
        found = [
            line
            for line in reversed(self.lines)
            if person in (None, line.deed.person)
            and (not target or line.deed.act.target == target or line.deed.act.target.startswith(f"{target}:"))
            and reference in ("", line.deed.reference, line.deed.approval)
            and (not before or line.number < before)
            and not (listing and line.deed.act.name == "audit")
        ]
        return tuple(found[:limit])


@dataclass
class Quay:
    who: str
    office: "Office"

    async def sighting(self, repository: str) -> Sighting:
        if trouble := self.office.trouble:
            raise trouble
        if self.who == "carol":
            raise UserError("There is no such repository, or you may not see it.")
        return Sighting(can_write=True, can_admin=self.who == "alice" and repository == "acme/web")

    async def log(self, repository: str, since: datetime, until: datetime) -> Sequence[LogEntry]:
        self.office.asked.append((self.who, repository, since, until))
        if self.office.no_log:
            raise self.office.no_log
        if not (await self.sighting(repository)).can_admin:
            raise UserError("That takes an admin.")
        return self.office.log


class Office:
    """A desk as far as the audit needs one."""

    def __init__(self) -> None:
        self.audit = Lines()
        self.log: list[LogEntry] = []
        self.asked: list[tuple[Any, ...]] = []
        self.trouble: Exception | None = None
        self.no_log: Exception | None = None
        clock = SimpleNamespace(now=lambda: NOW)
        self.desk: Any = SimpleNamespace(
            audit=self.audit,
            gate=SimpleNamespace(audit=AuditBook(self.audit, clock)),
            accounts=self,
            policies=self,
            registry=SimpleNamespace(as_token=lambda token: Quay(token.removeprefix("token-"), self)),
            quay_url=QUAY_URL,
        )

    async def of(self, person: Person) -> Account:
        if person not in NAMES:
            raise NotLinked(NOT_LINKED)
        return Account(person, NAMES[person], NOW, f"token-{NAMES[person]}")

    async def is_auditor(self, person: Person, username: str, quay: Quay) -> bool:
        assert (username, quay.who) == (NAMES[person], NAMES[person])
        return person == CAROL

    async def did(
        self, person: Person, reference: str, *, act: Act = WEB, outcome: Outcome = Outcome.DONE, **more: Any
    ):
        number = len(self.audit.lines)
        deed = Deed(NOW + timedelta(minutes=number), reference, person, NAMES.get(person, ""), "C1", act, outcome)
        await self.audit.append(replace(deed, **more))

    async def asks(self, person: Person, *words: str) -> Reply:
        reply = await audit.run(Ask(person, "C1", words), self.desk)
        payload = reply.message.payload()
        assert problems(payload) == []
        assert neutral_problems(payload) == []
        return reply

    @property
    def looks(self) -> list[tuple[Person, str, Outcome]]:
        """What was written down about looking."""
        deeds = [line.deed for line in self.audit.lines if line.deed.act.name == "audit"]
        return [(deed.person, deed.act.target, deed.outcome) for deed in deeds]


def shown(reply: Reply) -> list[str]:
    """The references on the lines, in their order."""
    texts = [block["text"]["text"] for block in reply.message.blocks if block["type"] == "section"][1:]
    return [text.rpartition("\n")[2].split(" · ")[0].strip("`") for text in texts]


def notes(reply: Reply) -> list[str]:
    return [block["elements"][0]["text"] for block in reply.message.blocks if block["type"] == "context"]


@pytest.fixture
async def office() -> Office:
    office = Office()
    await office.did(ALICE, "AAAA-0001", quay_log="build_dockerfile")
    await office.did(BOB, "BBBB-0002", act=Act("build", "acme/web:v1"))
    await office.did(DAVE, "DDDD-0003", outcome=Outcome.UNLINKED)
    await office.did(BOB, "BBBB-0004", act=Act("build", "acme/api"))
    return office


async def test_everybody_sees_their_own_lines_without_an_account(office: Office):
    reply = await office.asks(DAVE)

    assert shown(reply) == ["DDDD-0003"]
    assert "There is nothing in the audit" in (await office.asks(CAROL)).message.blocks[0]["text"]["text"]
    assert office.looks == []


async def test_naming_oneself_is_the_same(office: Office):
    assert shown(await office.asks(BOB, "<@UBOB>")) == shown(await office.asks(BOB)) == ["BBBB-0004", "BBBB-0002"]
    assert office.looks == []


async def test_an_admin_sees_what_was_done_in_the_repository_and_that_is_written_down(office: Office):
    assert shown(await office.asks(ALICE, "acme/web")) == ["DDDD-0003", "BBBB-0002", "AAAA-0001"]
    assert office.looks == [(ALICE, "acme/web", Outcome.DONE)]


async def test_looking_is_written_down_before_anything_is_shown(office: Office):
    office.audit.full = True

    with pytest.raises(TryLater):
        await office.asks(ALICE, "acme/web")


async def test_an_auditor_sees_a_repository_that_quay_does_not_show_them(office: Office):
    assert shown(await office.asks(CAROL, "acme/api")) == ["BBBB-0004"]


async def test_others_see_only_their_own_lines_of_a_repository_and_why(office: Office):
    reply = await office.asks(BOB, "acme/web")

    assert shown(reply) == ["BBBB-0002"]
    assert "for admins of the repository in Quay" in notes(reply)[0]
    assert office.looks == [(BOB, "acme/web", Outcome.REFUSED)]


async def test_a_word_that_may_be_a_person_gets_a_hint(office: Office):
    assert notes(await office.asks(CAROL, "alice")) == ["Did you mean `@alice`?"]
    assert notes(await office.asks(CAROL, "acme/web")) == []


async def test_one_tag_can_be_asked_for(office: Office):
    assert shown(await office.asks(CAROL, "acme/web:v1")) == ["BBBB-0002"]


async def test_a_repository_takes_an_account(office: Office):
    with pytest.raises(NotLinked):
        await office.asks(DAVE, "acme/web")


async def test_a_dead_token_is_told_and_not_taken_for_no_rights(office: Office):
    office.trouble = NotLinked("Quay does not accept your token.")

    with pytest.raises(NotLinked):
        await office.asks(ALICE, "acme/web")
    assert office.looks == []


async def test_only_auditors_see_what_another_person_did(office: Office):
    assert shown(await office.asks(CAROL, "<@UBOB|bob>")) == ["BBBB-0004", "BBBB-0002"]
    with pytest.raises(UserError, match="Only auditors"):
        await office.asks(ALICE, "<@UBOB>")
    assert office.looks == [(CAROL, "@UBOB", Outcome.DONE), (ALICE, "@UBOB", Outcome.REFUSED)]


async def test_ones_own_reference_shows_everything_about_it_the_oldest_first(office: Office):
    await office.did(BOB, "BBBB-0002", act=Act("build", "acme/web:v1"), outcome=Outcome.FAILED, approval="K7PX4")

    reply = await office.asks(BOB, "bbbb-0002")

    assert shown(reply) == ["BBBB-0002", "BBBB-0002"]
    assert "failed" in repr(reply.message.blocks[3])
    assert office.looks == []


async def test_how_it_began_is_shown_only_as_long_as_nothing_follows(office: Office):
    await office.did(BOB, "BBBB-0009", outcome=Outcome.TRIED)
    assert "begun" in repr((await office.asks(BOB, "BBBB-0009")).message.blocks)
    await office.did(BOB, "BBBB-0009", outcome=Outcome.REFUSED, detail="Quay said no. Run `/quay link`.")
    reply = await office.asks(BOB, "BBBB-0009")
    assert shown(reply) == ["BBBB-0009"]
    assert "Quay said no. Run `/quay link`." in repr(reply.message.blocks)
    listed = repr((await office.asks(BOB)).message.blocks)
    assert "Quay said no." in listed
    assert "Run" not in listed


@pytest.mark.parametrize("person", [ALICE, CAROL], ids=["admin", "auditor"])
async def test_a_reference_of_somebody_else_is_for_those_who_may_see_its_target(office: Office, person: Person):
    assert shown(await office.asks(person, "BBBB-0002")) == ["BBBB-0002"]
    assert office.looks == [(person, "BBBB-0002", Outcome.DONE)]


async def test_for_everybody_else_a_reference_is_as_good_as_unknown(office: Office):
    with pytest.raises(UserError) as forbidden:
        await office.asks(BOB, "AAAA-0001")
    with pytest.raises(UserError) as unknown:
        await office.asks(BOB, "AAAA-9999")

    assert forbidden.value.say.replace("0001", "9999") == unknown.value.say


async def test_an_approval_is_for_whoever_asked_for_it_and_a_voter_sees_the_own_vote(office: Office):
    await office.did(BOB, "BBBB-0005", outcome=Outcome.ASKED, approval="K7PX4")
    await office.did(DAVE, "DDDD-0006", outcome=Outcome.DENIED, approval="K7PX4")
    await office.did(ALICE, "AAAA-0007", outcome=Outcome.APPROVED, approval="K7PX4")

    assert shown(await office.asks(BOB, "K7PX4")) == ["BBBB-0005", "DDDD-0006", "AAAA-0007"]
    with pytest.raises(NotLinked):
        await office.asks(DAVE, "K7PX4")
    NAMES[DAVE] = "dave"
    try:
        assert shown(await office.asks(DAVE, "K7PX4")) == ["DDDD-0006"]
    finally:
        del NAMES[DAVE]


# --- Quay's own log ---


def entry(seconds: float = 3, who: str = "alice") -> LogEntry:
    about = {"repo": "web", "namespace": "acme", "manual_user": who}
    return LogEntry("build_dockerfile", NOW + timedelta(seconds=seconds), "", about)


async def test_quays_own_entry_is_found_for_a_reference(office: Office):
    office.log = [entry(who="bob"), entry(60), entry()]

    assert notes(await office.asks(ALICE, "AAAA-0001")) == [
        in_quays_log("build_dockerfile", NOW + timedelta(seconds=3), "alice")
    ]
    (question,) = office.asked
    assert question == ("alice", "acme/web", NOW - timedelta(minutes=5), NOW + timedelta(minutes=5))


async def test_that_quay_has_no_such_entry_is_said(office: Office):
    office.log = [entry(who="bob")]

    assert "has no such entry" in notes(await office.asks(ALICE, "AAAA-0001"))[0]


async def test_that_quays_log_cannot_be_read_now_is_said(office: Office):
    office.no_log = TryLater("Quay does not answer.")

    assert notes(await office.asks(ALICE, "AAAA-0001")) == ["Quay's own log could not be read: Quay does not answer."]


async def test_quays_log_is_not_for_those_who_may_not_read_it_there(office: Office):
    office.log = [entry()]

    assert notes(await office.asks(CAROL, "AAAA-0001")) == []


async def test_quays_log_is_not_asked_about_what_never_happened(office: Office):
    await office.did(ALICE, "AAAA-0008", outcome=Outcome.DENIED, quay_log="build_dockerfile")

    assert notes(await office.asks(ALICE, "AAAA-0008")) == []
    assert office.asked == []


# --- pages ---


async def test_no_line_is_on_two_pages_though_looking_adds_one(office: Office):
    for number in range(25):
        await office.did(BOB, f"BBBB-1{number:03}")

    first = await office.asks(ALICE, "acme/web")
    second = await audit_older.run(Click(ALICE, "C1", first.message.blocks[-1]["elements"][0]["value"]), office.desk)

    assert [*shown(first), *shown(second)] == [f"BBBB-1{number:03}" for number in reversed(range(5, 25))]


async def test_older_lines_come_page_by_page_and_rights_are_looked_at_each_time(office: Office):
    for number in range(25):
        await office.did(BOB, f"BBBB-1{number:03}", act=Act("build", "acme/api"))
    seen, reply = [], await office.asks(CAROL, "<@UBOB>")
    while True:
        seen += shown(reply)
        if reply.message.blocks[-1]["type"] != "actions":
            break
        value = reply.message.blocks[-1]["elements"][0]["value"]
        with pytest.raises(UserError, match="Only auditors"):
            await audit_older.run(Click(ALICE, "C1", value), office.desk)
        reply = await audit_older.run(Click(CAROL, "C1", value), office.desk)
        assert reply.replace

    assert seen == [f"BBBB-1{number:03}" for number in reversed(range(25))] + ["BBBB-0004", "BBBB-0002"]


@pytest.mark.parametrize(
    "value",
    ["", "x", "[]", "{}", "[1, 2, 3, 4]", '["", "", "", -1]', '["", "", "", true]', '["", "", "", 1.5]'],
)
async def test_a_button_that_is_not_ours_does_nothing(office: Office, value: str):
    with pytest.raises(UserError, match="older version"):
        await audit_older.run(Click(ALICE, "C1", value), office.desk)


# --- words ---


@pytest.mark.parametrize(
    ("word", "asks_for"),
    [
        ("acme/web", Question(target="acme/web")),
        ("acme/web:v1", Question(target="acme/web:v1")),
        ("https://quay.example/repository/acme/web", Question(target="acme/web")),
        ("acme", Question(target="acme")),
        ("<@U01AB>", Question(user="U01AB")),
        ("<@W01AB|alice>", Question(user="W01AB")),
        ("KDWF-4071", Question(reference="KDWF-4071")),
        ("kdwf-4071", Question(reference="KDWF-4071")),
        ("K7PX4", Question(reference="K7PX4")),
        ("k7px4", Question(target="k7px4")),
    ],
)
def test_words_are_understood(word: str, asks_for: Question):
    assert read((word,), QUAY_URL) == asks_for
    assert Question.unpack(asks_for.pack()) == asks_for


@pytest.mark.parametrize("words", [("@bob",), ("acme/web", "acme/api")])
def test_words_that_do_not_fit_are_answered_with_what_would(words: tuple[str, ...]):
    with pytest.raises(UsageError):
        read(words, QUAY_URL)

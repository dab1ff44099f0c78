"""`quaybot apply` and `quaybot export`: the plan, the drift, what is stored, and whose account stands behind it."""

import asyncio
import io
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.clock import SystemClock
from bot.adapters.sealing import Sealer
from bot.adapters.store import SqlStore, open_store
from bot.domain.people import Account, Person
from bot.domain.subscriptions import State, Subscription, Wanted
from bot.fakes.quay import FakeQuay
from tests.command_line import Done, Run, elsewhere, quaybot
from tests.house.untouched import untouched_logs
from tests.plugins.wishes import becomes

__all__ = ["quaybot", "untouched_logs"]
pytestmark = pytest.mark.usefixtures("untouched_logs")

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
KEY = "sixteen letters or more"
ADA, BOB = Person("T1", "U0ADA"), Person("T1", "U0BOB")
ONE = """owner = "U0ADA"

[[subscription]]
target = "acme/web"
channel = "C01"
events = ["pushes"]
filter = "tag:v*"
"""
WEB = Wanted("acme/web", ("repo_push",), "tag:v*")
COUNTS = "{} to add, {} to change, {} to end, {} as the file says"


@pytest.fixture
async def quay() -> AsyncIterator[FakeQuay]:
    fake = FakeQuay(clock=SystemClock())
    fake.add_organization("acme", admins=["ada"])
    fake.add_user("bob")
    for name in ("acme/web", "acme/api"):
        fake.add_repository(name)
    fake.grant("bob", "acme/web", "write")
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "subscriptions.toml"
    path.write_text(ONE)
    return path


def put(file: Path, content: str | bytes | None) -> None:
    """The file has that in it; None: there is none."""
    file.unlink(missing_ok=True)
    if content is not None:
        file.write_bytes(content.encode() if isinstance(content, str) else content)


class Shop:
    """The program with a store of its own, in which ada and bob have linked their accounts."""

    def __init__(self, run: Run, folder: Path, quay: FakeQuay) -> None:
        self._run = run
        self._url = f"sqlite:///{folder / 'quaybot.db'}"
        self._quay = quay

    async def quaybot(self, *words: str, **settings: str) -> Done:
        names = {"SECRET_KEYS": KEY, "QUAY_URL": self._quay.url, **settings}
        return await elsewhere(self._run, *words, **names)

    async def do(self, work: Callable[[SqlStore], Awaitable[Any]]) -> Any:
        store = open_store(self._url, Sealer([KEY]))
        try:
            return await work(store)
        finally:
            await store.close()

    async def add(self, *made: Subscription) -> None:
        async def work(store: SqlStore) -> None:
            for one in made:
                assert await store.subscriptions.add(one, AT)

        await self.do(work)

    async def all(self) -> tuple[Subscription, ...]:
        found: tuple[Subscription, ...] = await self.do(lambda store: store.subscriptions.all())
        return found


@pytest.fixture
async def shop(quaybot: Run, tmp_path: Path, quay: FakeQuay) -> Shop:
    shop = Shop(quaybot, tmp_path, quay)
    await elsewhere(quaybot, "migrate")

    async def link(store: SqlStore) -> None:
        for person, name in ((ADA, "ada"), (BOB, "bob")):
            await store.accounts.link(Account(person, name, AT, quay.token(name, "repo:admin user:read")))

    await shop.do(link)
    return shop


def there(wish: Wanted = WEB, name: str = "SAAAA", **more: Any) -> Subscription:
    words: dict[str, Any] = {"channel": "C01", "person": ADA, "username": "ada", "created_at": AT, **more}
    return Subscription(name=name, wanted=wish, **words)


# --- apply ---


async def test_what_a_file_wants_is_stored_for_the_bot_to_make(shop: Shop, file: Path) -> None:
    done = await shop.quaybot("apply", str(file), "--yes")
    (made,) = await shop.all()

    assert (done.code, done.err) == (0, [])
    assert done.out == [
        "+ acme/web in C01: pushes tag:v* (owner U0ADA)",
        f"{COUNTS.format(1, 0, 0, 0)}.",
        f"{made.name} is new: acme/web in C01.",
        "A running bot does in Quay what this takes, within a minute.",
    ]
    assert made == there(name=made.name, source="file", created_at=made.created_at)

    async def due(store: SqlStore) -> tuple[Subscription, ...]:
        return await store.subscriptions.claim(9, datetime.now(UTC), timedelta(minutes=1))

    assert await shop.do(due) == (made,)


async def test_each_step_that_was_applied_is_a_line_in_the_audit(shop: Shop, file: Path) -> None:
    await shop.quaybot("apply", str(file), "--yes")
    put(file, ONE.replace("tag:v*", "tag:v2*"))
    await shop.quaybot("apply", str(file), "--yes")
    put(file, "subscription = []")
    await shop.quaybot("apply", str(file), "--yes")
    await shop.quaybot("apply", str(file), "--yes")

    lines = await shop.do(lambda store: store.audit.newest(limit=9))
    found = [line.deed for line in reversed(lines)]
    assert [(one.act.name, one.act.parameters["words"]) for one in found] == [
        ("subscribe", "pushes tag:v*"),
        ("subscribe", "pushes tag:v2*"),
        ("unsubscribe", "pushes tag:v2*"),
    ]
    assert {(one.person.user, one.username, one.channel, one.act.target) for one in found} == {
        ("operator", "", "C01", "acme/web")
    }
    assert {(one.outcome.value, one.detail) for one in found} == {("done", "applied from a file")}


async def test_what_a_file_holds_does_not_act_on_the_terminal(shop: Shop, file: Path) -> None:
    put(file, ONE.replace('"pushes"', r'"pushes\u001b]0;owned\u0007"').replace("tag:v*", r"ta\u009b2Jg:v*"))
    done = await shop.quaybot("apply", str(file), "--yes")

    assert done.code == 1
    assert r"\x1b]0;owned\x07" in " ".join(done.err)
    assert all(char.isprintable() for line in done.err for char in line)


async def test_what_is_exported_does_not_act_on_the_terminal(shop: Shop) -> None:
    await shop.add(there(Wanted("acme/web", ("build_failure",), "ref:~\x9b2J\u202e")))
    done = await shop.quaybot("export")

    assert done.code == 0
    assert all(char.isprintable() for line in done.out for char in line)


async def test_applied_twice_nothing_is_done_the_second_time(shop: Shop, file: Path) -> None:
    await shop.quaybot("apply", str(file), "--yes")
    before = await shop.all()
    done = await shop.quaybot("apply", str(file))

    assert (done.code, done.out) == (0, [f"{COUNTS.format(0, 0, 0, 1)}."])
    assert await shop.all() == before


async def test_a_change_keeps_the_name_and_an_end_ends(shop: Shop, file: Path) -> None:
    orphan = there(Wanted("acme/web", ("repo_push",)), state=State.ORPHANED, reason="gone", person=BOB, username="bob")
    await shop.add(orphan, there(Wanted("acme/api", ("repo_push",)), "SBBBB", source="file"))
    done = await shop.quaybot("apply", str(file), "--yes")

    assert done.out == [
        "~ SAAAA acme/web in C01",
        "    - pushes",
        "    + pushes tag:v*",
        "    - owner U0BOB",
        "    + owner U0ADA",
        "- SBBBB acme/api in C01: pushes (owner U0ADA)",
        f"{COUNTS.format(0, 1, 1, 0)}.",
        "SAAAA has changed: acme/web in C01.",
        "SBBBB has ended: acme/api in C01.",
        "A running bot does in Quay what this takes, within a minute.",
    ]
    assert await shop.all() == (there(source="file"),)


async def test_a_change_of_filter_leaves_a_pause_as_it_is(shop: Shop, file: Path) -> None:
    paused = replace(there(Wanted("acme/web", ("repo_push",))), paused_until=AT)
    await shop.add(paused)
    await shop.quaybot("apply", str(file), "--yes")

    assert [one.paused_until for one in await shop.all()] == [AT]


@pytest.mark.parametrize(("answer", "made"), [("y\n", 1), ("n\n", 0), ("\n", 0), ("", 0)])
async def test_it_is_asked_before_anything_is_done(
    shop: Shop, file: Path, monkeypatch: pytest.MonkeyPatch, answer: str, made: int
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    done = await shop.quaybot("apply", str(file))

    assert done.code == (0 if made else 1)
    assert len(await shop.all()) == made


async def test_a_plan_is_only_shown(shop: Shop, file: Path) -> None:
    done = await shop.quaybot("apply", "--plan", str(file))

    assert (done.code, done.out[-1]) == (0, f"{COUNTS.format(1, 0, 0, 0)}.")
    assert await shop.all() == ()


async def test_drift_is_told_by_the_exit_code(shop: Shop, file: Path) -> None:
    drifted = await shop.quaybot("apply", "--check", str(file))
    assert (drifted.code, await shop.all()) == (2, ())

    await shop.quaybot("apply", str(file), "--yes")
    assert (await shop.quaybot("apply", "--check", str(file))).code == 0


async def test_what_was_made_in_chat_is_shown_and_left_alone_unless_it_is_pruned(shop: Shop, file: Path) -> None:
    other = there(Wanted("acme/api", ("repo_push",)), "SBBBB")
    await shop.add(there(), other)
    checked = await shop.quaybot("apply", "--check", str(file))

    assert checked.code == 0
    assert checked.out == [
        "? SBBBB acme/api in C01: pushes (owner U0ADA): not in the file",
        f"{COUNTS.format(0, 0, 0, 1)}, 1 not in the file (made in chat, and left alone).",
    ]
    assert (await shop.quaybot("apply", "--check", "--prune", str(file))).code == 2
    await shop.quaybot("apply", "--prune", "--yes", str(file))
    assert await shop.all() == (there(),)


# --- whose account ---


async def test_an_owner_without_a_linked_account_is_refused_by_name(shop: Shop, file: Path) -> None:
    put(file, ONE + 'owner = "U0CAROL"\n[[subscription]]\ntarget = "acme/*"\nchannel = "C01"\nowner = "U0DAVE"\n')
    done = await shop.quaybot("apply", str(file), "--yes")

    assert (done.code, done.out, len(done.err)) == (1, [], 1)
    assert done.err[0].startswith("No Quay account is linked to U0CAROL, U0DAVE: ")
    assert "has to run /quay link in Slack" in done.err[0]
    assert await shop.all() == ()


async def test_an_owner_who_is_no_admin_of_an_exact_repository_is_refused(shop: Shop, file: Path) -> None:
    put(file, ONE.replace("U0ADA", "U0BOB"))
    done = await shop.quaybot("apply", str(file), "--yes")

    assert (done.code, done.out) == (1, [])
    assert done.err[0].startswith("Only an admin of a repository can have its notifications.")
    assert done.err[1:] == ["acme/web: bob (U0BOB) is no admin there"]
    assert await shop.all() == ()


async def test_a_repository_that_the_owner_does_not_see_is_refused_as_well(shop: Shop, file: Path) -> None:
    put(file, ONE.replace("acme/web", "acme/none"))
    done = await shop.quaybot("apply", "--check", str(file))

    assert done.code == 1
    assert done.err[1].startswith("acme/none, as ada (U0ADA): ")


async def test_a_pattern_is_looked_at_only_when_it_is_set_up(shop: Shop, file: Path) -> None:
    put(file, ONE.replace("acme/web", "acme/*").replace("U0ADA", "U0BOB"))

    assert (await shop.quaybot("apply", "--yes", str(file))).code == 0


async def test_while_quay_is_away_rights_are_not_known_and_it_is_said(shop: Shop, file: Path, quay: FakeQuay) -> None:
    quay.down = True
    done = await shop.quaybot("apply", "--yes", str(file))

    assert (done.code, done.err) == (0, ["Note: Quay does not answer, so the owners' rights are not known: acme/web."])
    assert len(await shop.all()) == 1


async def test_without_the_address_of_quay_it_is_said_that_nobody_was_asked(shop: Shop, file: Path) -> None:
    done = await shop.quaybot("apply", "--plan", str(file), QUAY_URL="")

    assert done.err == ["Note: QUAY_URL is not set, so nobody's rights in Quay were looked at."]


async def test_somebody_in_two_workspaces_has_to_be_named_with_one(shop: Shop, file: Path, quay: FakeQuay) -> None:
    token = quay.token("ada", "repo:admin")
    await shop.do(lambda store: store.accounts.link(Account(Person("T2", "U0ADA"), "ada", AT, token)))
    done = await shop.quaybot("apply", "--yes", str(file))

    assert done.err == ["The owner U0ADA is somebody in several workspaces. Write T1/U0ADA or T2/U0ADA."]
    put(file, ONE.replace("U0ADA", "T2/U0ADA"))
    await shop.quaybot("apply", "--yes", str(file))
    assert [one.person for one in await shop.all()] == [Person("T2", "U0ADA")]


async def test_without_the_keys_a_plan_is_shown_and_nothing_else_goes(shop: Shop, file: Path) -> None:
    looked = await shop.quaybot("apply", "--check", str(file), SECRET_KEYS="")
    done = await shop.quaybot("apply", "--yes", str(file), SECRET_KEYS="")

    assert (looked.code, looked.out[0]) == (2, "+ acme/web in C01: pushes tag:v* (owner U0ADA)")
    assert looked.err == [
        "Note: SECRET_KEYS is not set, so nobody looked whether the owners have accounts and the rights."
    ]
    assert (done.code, done.out) == (1, [])
    assert done.err[0].startswith("Set SECRET_KEYS in .env to what the running bot has")
    assert await shop.all() == ()


async def test_with_other_keys_it_is_said_that_they_are_not_the_right_ones(shop: Shop, file: Path) -> None:
    done = await shop.quaybot("apply", "--yes", str(file), SECRET_KEYS="other letters and more of them")

    assert done.code == 1
    assert done.err[0].startswith("The account of U0ADA cannot be opened with these SECRET_KEYS.")


@pytest.mark.parametrize("words", [("export",), ("apply", "--plan", "subscriptions.toml"), ("why", "acme/web")])
def test_whoever_only_looks_makes_no_database(quaybot: Run, file: Path, words: tuple[str, ...]) -> None:
    done = quaybot(*[str(file) if word == file.name else word for word in words])

    assert (done.code, done.out) == (1, [])
    assert done.err[0].startswith("There is no database at ")
    assert "DATABASE_URL" in done.err[0]
    assert not file.with_name("quaybot.db").exists()


# --- the file ---


async def test_everything_wrong_with_a_file_is_told_with_its_line(shop: Shop, file: Path) -> None:
    put(file, ONE.replace("pushes", "pushs").replace("C01", "general"))
    done = await shop.quaybot("apply", str(file))

    assert (done.code, done.out, done.err[0]) == (1, [], "subscriptions.toml cannot be used:")
    assert [line.partition(", sub")[0] for line in done.err[1:]] == [
        "subscriptions.toml line 5",
        "subscriptions.toml line 6",
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "cannot be read: No such file or directory"), (b"\xff\xfe", "is no UTF-8 text."), (b"", "it is empty")],
)
async def test_a_file_that_cannot_be_read_is_told(shop: Shop, file: Path, content: bytes | None, says: str) -> None:
    put(file, content)
    done = await shop.quaybot("apply", str(file))

    assert (done.code, done.out) == (1, [])
    assert says in done.err[-1]


# --- export ---


async def test_an_export_applied_changes_nothing(shop: Shop, file: Path) -> None:
    await shop.add(
        there(),
        there(Wanted("acme/*", ("build_failure", "repo_image_expiry"), r"ref:~v\d+ -repo:x", 30, "compact"), "SBBBB"),
        there(Wanted("acme", ("quota_error",)), "SCCCC", channel="C02", person=BOB, username="bob", source="file"),
    )
    before = await shop.all()
    exported = await shop.quaybot("export")
    put(file, "\n".join(exported.out) + "\n")

    checked = await shop.quaybot("apply", "--check", "--prune", str(file))
    applied = await shop.quaybot("apply", "--yes", str(file))

    assert (checked.code, applied.code, applied.err) == (0, 0, [])
    assert applied.out == [f"{COUNTS.format(0, 0, 0, 3)}."]
    assert await shop.all() == before


async def test_an_export_of_nothing_is_a_file_as_well(shop: Shop, file: Path) -> None:
    exported = await shop.quaybot("export")
    put(file, "\n".join(exported.out))

    assert (await shop.quaybot("apply", "--check", str(file))).code == 0


# --- between looking and doing ---


async def test_what_was_changed_meanwhile_is_not_overwritten(
    shop: Shop, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.add(there(Wanted("acme/web", ("repo_push",))))

    class Meanwhile(io.StringIO):
        """While the program waits for an answer, somebody changes the subscription in chat."""

        def readline(self, *_: Any) -> str:
            changed = there(Wanted("acme/web", ("build_failure",)))
            asyncio.run(shop.do(lambda store: becomes(store, changed, AT)))
            return "y\n"

    monkeypatch.setattr(sys, "stdin", Meanwhile())
    done = await shop.quaybot("apply", str(file))

    assert (done.code, done.err) == (1, ["SAAAA (acme/web in C01) was changed meanwhile. Please look again."])
    assert [one.wanted.events for one in await shop.all()] == [("build_failure",)]

"""`/quay tag delete`, `tag move` and `tag expire`: what is shown, what is done, and the ways back."""

# ruff: noqa: E501 - what people read stands on one line

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from inline_snapshot import snapshot

from bot.domain.errors import TryLater, UserError
from bot.domain.repositories import LogEntry, Repository
from bot.ports import Hook
from bot.services.references import REFERENCE
from tests.handlers.conftest import START, Office
from tests.handlers.double_tagging import WEB, A, B, C, TagQuay, offer_of, pushed, shelf, tag_office

WEEK = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)


@pytest.fixture
def office() -> Office:
    return tag_office()


@pytest.fixture
def quay(office: Office) -> TagQuay:
    quay = shelf(office)
    quay.points("v1", A, START - timedelta(days=2))
    return quay


async def asked(office: Office, words: str) -> str:
    return REFERENCE.sub("KDWF-4071", "\n".join(office.reads(await office.says(words))))


async def pressed(office: Office, purpose: str = "confirm") -> str:
    reply = await office.presses(purpose, offer_of(office, purpose))
    return REFERENCE.sub("KDWF-4071", "\n".join(office.reads(reply)))


def announced(office: Office) -> list[str]:
    return [str(one.payload["text"]) for one in office.notices.said.values()]


def expires(quay: TagQuay, tag: str = "latest") -> datetime | None:
    return quay.rows[f"{WEB}:{tag}"][0].expires


async def test_what_a_deletion_means_is_shown_first(office: Office, quay: TagQuay):
    quay.points("stable", B, START - timedelta(minutes=30))
    quay.entries = tuple(
        LogEntry("pull_repo", START - timedelta(hours=1), "ci", {"tag": tag}) for tag in ("latest", "v1")
    )
    assert await asked(office, "tag delete acme/web:latest") == snapshot("""\
Please check what would happen:
*Delete `acme/web:latest`*
*Now:* `sha256:bbbbbbbbbbbb` · since <!date^1795420800^{date_short_pretty} {time}|2026-11-23 08:00 UTC>
Other tags with the same image: `stable`.
:warning: It was pulled 1 time in the last 7 days.
It can be restored until <!date^1796634000^{date_short_pretty} {time}|2026-12-07 09:00 UTC>: for so long Quay keeps what no tag has.
Nothing is done yet. This offer is good until <!date^1795425000^{date_short_pretty} {time}|2026-11-23 09:10 UTC>.
[Delete] [Cancel]\
""")
    assert quay.digest("latest") == B


async def test_a_deletion_is_verified_told_and_taken_back(office: Office, quay: TagQuay):
    await asked(office, "tag delete acme/web:latest")
    assert await pressed(office) == snapshot(
        ":white_check_mark: Done: you deleted `acme/web:latest` (it pointed at `sha256:bbbbbbbbbbbb`). *Verified:* I read it back from Quay."
    )
    assert quay.digest("latest") == ""
    assert announced(office) == snapshot(
        [
            ":white_check_mark: <@U-ALICE> deleted `acme/web:latest` (it pointed at `sha256:bbbbbbbbbbbb`). *Verified:* I read it back from Quay."
        ]
    )
    await pressed(office, "undo")
    assert quay.digest("latest") == B


async def test_who_may_not_read_the_log_sees_the_rest(office: Office, quay: TagQuay):
    quay.errors |= {"log": UserError("no"), "log_page": UserError("no")}
    shown = await asked(office, "tag delete acme/web:latest")
    assert "pulled" not in shown
    assert "No other tag has this image." in shown


async def test_where_nothing_is_kept_it_is_said_that_a_deletion_is_for_good(office: Office, quay: TagQuay):
    quay.place = Repository(WEB, can_write=True)
    assert "keeps nothing of deleted tags" in await asked(office, "tag delete acme/web:latest")


async def test_a_tag_that_somebody_deletes_meanwhile_is_not_claimed(office: Office, quay: TagQuay):
    await asked(office, "tag delete acme/web:latest")
    quay.after["history"] = lambda: quay.ends("latest", START)
    assert "Somebody else has deleted it" in await pressed(office)
    assert announced(office) == []


async def test_a_tag_moves_to_where_another_one_is_and_back(office: Office, quay: TagQuay):
    assert await asked(office, "tag move acme/web:latest v1") == snapshot("""\
Please check what would happen:
*Move `acme/web:latest`*
*Now:* `sha256:bbbbbbbbbbbb` · since <!date^1795420800^{date_short_pretty} {time}|2026-11-23 08:00 UTC>
*Then:* `sha256:aaaaaaaaaaaa`, as `acme/web:v1` does
*Vulnerabilities:* :warning: brings 1 High · takes away 1 Critical
Nothing is done yet. This offer is good until <!date^1795425000^{date_short_pretty} {time}|2026-11-23 09:10 UTC>.
[Move] [Cancel]\
""")
    assert "Verified" in await pressed(office)
    assert quay.digest("latest") == A
    assert announced(office) == snapshot(
        [
            ":white_check_mark: <@U-ALICE> moved `acme/web:latest`: it points at `sha256:aaaaaaaaaaaa`, as `acme/web:v1` does (it pointed at `sha256:bbbbbbbbbbbb`). *Verified:* I read it back from Quay."
        ]
    )
    await pressed(office, "undo")
    assert quay.digest("latest") == B


@pytest.mark.parametrize("to", ["v1", A, "aaaaaaa", "sha256:aaaaaaaa"])
async def test_a_new_tag_is_created_and_undo_deletes_it(office: Office, quay: TagQuay, to: str):
    assert "*Create `acme/web:prod`*" in await asked(office, f"tag move acme/web prod {to}")
    await pressed(office)
    assert quay.digest("prod") == A
    await pressed(office, "undo")
    assert quay.digest("prod") == ""


async def test_a_move_is_told_where_pushes_are(office: Office, quay: TagQuay):
    office.trail.urls = [Hook("1", "repo_push", WEB, ("C2",), START)]
    await asked(office, "tag move acme/web:latest v1")
    await pressed(office)
    assert [one.channel for one in office.notices.said.values()] == ["C1", "C2"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("tag move acme/web:latest", "Where to?"),
        ("tag move acme/web:latest v1 v2", "Where to?"),
        ("tag move acme/web:latest nosuch", "There is no tag nosuch in acme/web now. It is no digest either."),
        ("tag move acme/web:latest ccccccc", "None of the newest tags has an image that begins so"),
        ("tag move acme/web:latest bbbbbbb", "points at `sha256:bbbbbbbbbbbb` already"),
        (f"tag move acme/web:latest {C}", "No tag of acme/web has the image `sha256:cccccccccccc` now"),
        ("tag move acme/web -bad v1", "“-bad” cannot be a tag."),
        ("tag move acme/web ba~d v1", "cannot be a tag"),
        (
            "tag delete acme/web:latset",
            "There is no tag latset in acme/web now. Did you mean `latest`? `/quay tag list`",
        ),
        ("tag delete acme/web:nosuch", "There is no tag nosuch in acme/web now. `/quay tag list` shows"),
        ("tag delete acme/web:latest now", "Name one tag at a time."),
        ("tag expire acme/web:latest", "When should it end?"),
        ("tag expire acme/web:latest yesterday", "yesterday"),
        ("tag expire acme/web:latest never", "never ends by itself already"),
        ("tag expire acme/web:nosuch in 2 weeks", "There is no tag nosuch"),
    ],
)
async def test_what_makes_no_sense_is_refused_with_what_would(office: Office, quay: TagQuay, words: str, said: str):
    assert said in await asked(office, words)
    assert office.offers.kept == {}


@pytest.mark.parametrize(
    "words", ["tag delete acme/web:latest", "tag move acme/web:latest v1", "tag expire acme/web:v1 in 2 weeks"]
)
@pytest.mark.parametrize(
    ("place", "said"),
    [
        (Repository(WEB, state="MIRROR", can_write=True), "is a mirror"),
        (Repository(WEB, state="READ_ONLY", can_write=True), "is read-only"),
        (Repository(WEB, can_write=False), "need write there"),
    ],
)
async def test_where_quay_would_refuse_nothing_is_offered(
    office: Office, quay: TagQuay, words: str, place: Repository, said: str
):
    quay.place = place
    assert said in await asked(office, words)
    assert office.offers.kept == {}


async def test_an_end_is_set_shown_and_taken_back(office: Office, quay: TagQuay):
    assert await asked(office, "tag expire acme/web:latest 2026-11-30 18:00") == snapshot("""\
Please check what would happen:
*Change when `acme/web:latest` ends*
*Now:* `sha256:bbbbbbbbbbbb` · never ends by itself
*Then:* ends `Mon 30 Nov 2026 18:00 UTC`
Quay removes it then by itself, as if somebody had deleted it.
Nothing is done yet. This offer is good until <!date^1795425000^{date_short_pretty} {time}|2026-11-23 09:10 UTC>.
[Change] [Cancel]\
""")
    assert await pressed(office) == snapshot(
        ":white_check_mark: Done: you changed when `acme/web:latest` ends: it ends `Mon 30 Nov 2026 18:00 UTC` (before: it never ends by itself). *Verified:* I read it back from Quay."
    )
    assert expires(quay) == WEEK
    await pressed(office, "undo")
    assert expires(quay) is None
    await pressed(office, "undo")
    assert expires(quay) == WEEK


async def test_never_takes_an_end_away(office: Office, quay: TagQuay):
    quay.rows[f"{WEB}:latest"][0] = replace(quay.rows[f"{WEB}:latest"][0], expires=WEEK)
    await asked(office, "tag expire acme/web:latest never")
    await pressed(office)
    assert expires(quay) is None
    await pressed(office, "undo")
    assert expires(quay) == WEEK


async def test_an_end_that_somebody_changes_meanwhile_is_left_alone(office: Office, quay: TagQuay):
    await asked(office, "tag expire acme/web:latest 2026-11-30 18:00")
    quay.rows[f"{WEB}:latest"][0] = replace(quay.rows[f"{WEB}:latest"][0], expires=WEEK + timedelta(days=1))
    assert "Its expiry has changed since." in await pressed(office)
    assert expires(quay) == WEEK + timedelta(days=1)


@pytest.mark.parametrize(
    "words", ["tag delete acme/web:latest", "tag move acme/web:latest v1", "tag expire acme/web:latest in 2 weeks"]
)
async def test_an_image_that_went_and_came_back_is_another_state(office: Office, quay: TagQuay, words: str):
    await asked(office, words)
    quay.points("latest", C, START + timedelta(minutes=1))
    quay.points("latest", B, START + timedelta(minutes=2), reversion=True)
    quay.entries = (pushed("latest", "bob", START + timedelta(minutes=2), "revert_tag"),)
    said = await pressed(office)
    assert said.startswith("`latest` was set anew since. bob restored it")
    assert quay.digest("latest") == B


async def test_a_deletion_is_not_undone_when_the_tag_was_there_in_between(office: Office, quay: TagQuay):
    await asked(office, "tag delete acme/web:latest")
    await pressed(office)
    quay.points("latest", C, START + timedelta(minutes=1))
    quay.ends("latest", START + timedelta(minutes=2))
    assert "`latest` was there and went again meanwhile." in await pressed(office, "undo")
    assert quay.digest("latest") == ""


async def test_a_push_takes_the_ground_from_under_an_end(office: Office, quay: TagQuay):
    await asked(office, "tag expire acme/web:latest 2026-11-30 18:00")
    quay.points("latest", C, START)
    assert "`latest` has moved" in await pressed(office)
    assert expires(quay) is None


@pytest.mark.parametrize("lost", [True, False])
async def test_an_end_whose_answer_got_lost_is_looked_at(office: Office, quay: TagQuay, lost: bool):
    await asked(office, "tag expire acme/web:latest 2026-11-30 18:00")
    quay.errors["expire"] = TryLater("Nobody knows.", doubtful=True)
    quay.lost |= {"expire"} if lost else set()
    assert ("*Verified:*" if lost else "Nobody knows.") in await pressed(office)


async def test_an_end_that_is_not_there_afterwards_is_not_called_verified(office: Office, quay: TagQuay):
    await asked(office, "tag expire acme/web:latest 2026-11-30 18:00")
    quay.after["expire"] = lambda: quay.errors.update(history=TryLater("Quay is away."))
    said = await pressed(office)
    assert "Verified" not in said
    assert "could not read it back" in said

"""`/quay restore`: which image, what is shown before, what is done, and the way back."""

# ruff: noqa: E501 - what people read stands on one line

from datetime import timedelta

import pytest
from inline_snapshot import snapshot

from bot.blocks.text import when
from bot.domain.errors import TryLater, UserError
from bot.domain.images import Scan
from bot.domain.repositories import Repository
from bot.ports import Hook
from bot.services.references import REFERENCE
from handlers.acts import restore
from tests.handlers.conftest import START, Office
from tests.handlers.double_tagging import WEB, A, B, C, Lockstep, TagQuay, offer_of, pushed, shelf, tag_office

IMAGE = "`sha256:aaaaaaaaaaaa`"


@pytest.fixture
def office() -> Office:
    return tag_office()


@pytest.fixture
def quay(office: Office) -> TagQuay:
    return shelf(office)


async def asked(office: Office, words: str = "restore acme/web:latest") -> str:
    return plain("\n".join(office.reads(await office.says(words))))


async def pressed(office: Office, purpose: str = "confirm", **more: object) -> str:
    action = "confirm" if purpose == "confirm" else "undo"
    return plain("\n".join(office.reads(await office.presses(action, offer_of(office, purpose), **more))))


def announced(office: Office) -> list[tuple[str, list[str]]]:
    said = office.notices.said.values()
    return [(one.channel, [plain(line) for line in office.words(one.payload["blocks"])]) for one in said]


def plain(text: str) -> str:
    """References are different each time."""
    return REFERENCE.sub("KDWF-4071", text)


async def test_the_preview_says_what_is_what_will_be_and_what_comes_back(office: Office, quay: TagQuay):
    quay.entries = (pushed("latest", "acme+ci", START - timedelta(hours=1)),)
    assert await asked(office) == snapshot("""\
Please check what would happen:
*Restore `acme/web:latest`*
*Now:* `sha256:bbbbbbbbbbbb` · since <!date^1795420800^{date_short_pretty} {time}|2026-11-23 08:00 UTC> · pushed by *acme+ci*
*Then:* `sha256:aaaaaaaaaaaa` · it was this for 1 d, until <!date^1795420800^{date_short_pretty} {time}|2026-11-23 08:00 UTC>
*Vulnerabilities:* :warning: brings 1 High · takes away 1 Critical
Quay still has this image. Images without a tag can be restored there for 14 d.
Nothing is done yet. This offer is good until <!date^1795425000^{date_short_pretty} {time}|2026-11-23 09:10 UTC>.
[Restore] [Cancel]\
""")
    assert quay.digest("latest") == B


async def test_one_press_restores_verifies_and_announces_with_a_way_back(office: Office, quay: TagQuay):
    await asked(office)
    assert await pressed(office) == snapshot(
        ":white_check_mark: Done: you restored `acme/web:latest` to `sha256:aaaaaaaaaaaa` (it pointed at `sha256:bbbbbbbbbbbb`). *Verified:* I read it back from Quay."
    )
    assert quay.digest("latest") == A
    assert announced(office) == snapshot(
        [
            (
                "C1",
                [
                    ":white_check_mark: <@U-ALICE> restored `acme/web:latest` to `sha256:aaaaaaaaaaaa` (it pointed at `sha256:bbbbbbbbbbbb`). *Verified:* I read it back from Quay.",
                    "[Undo]",
                    "Can be undone for 60 minutes. Reference KDWF-4071",
                ],
            )
        ]
    )
    assert office.audit.lines[-1].deed.outcome == "done"
    assert office.audit.lines[-1].deed.detail == f"Verified: latest points at {A}."


async def test_undo_restores_what_was_there_and_can_itself_be_undone(office: Office, quay: TagQuay):
    await asked(office)
    await pressed(office)
    await pressed(office, "undo")
    assert quay.digest("latest") == B
    first, second = (blocks for _, blocks in announced(office))
    assert first[-1] == snapshot(
        "Undone by <@U-ALICE> (<!date^1795424400^{date_short_pretty} {time}|2026-11-23 09:00 UTC>). Reference KDWF-4071"
    )
    assert "[Undo]" in "".join(second)
    await pressed(office, "undo")
    assert quay.digest("latest") == A


@pytest.mark.parametrize(
    ("words", "digest"),
    [
        ("", A),
        ("previous", A),
        ("aaaaaaa", A),
        (A, A),
        ('"2h ago"', A),
        ("yesterday 10:00", A),
        ("AAAAAAAA", A),
    ],
)
async def test_an_image_is_named_in_many_ways(office: Office, quay: TagQuay, words: str, digest: str):
    await asked(office, f"restore acme/web:latest {words}")
    await pressed(office)
    assert quay.digest("latest") == digest


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("restore acme/web", "Which tag of acme/web?"),
        ("restore acme/web:latest ccccccc", "never pointed at"),
        ("restore acme/web:nosuch", "Quay remembers none of that name"),
        (
            "restore acme/web:latest bbbbbbb",
            "already since <!date^1795420800^{date_short_pretty} {time}|2026-11-23 08:00 UTC>",
        ),
        (
            "restore acme/web:latest 3 days ago",
            "did not exist at <!date^1795165200^{date_short_pretty} {time}|2026-11-20 09:00 UTC>",
        ),
        ("restore acme/web:latest tomorrow 18:00", "is still to come"),
        ("restore acme/web:latest sometime", "Give at least 7 digits of a digest, `previous`, or a time like 2h ago."),
        ("restore acme/web:latest f689", "I cannot tell which image “f689” is."),
        ("restore acme/web:latest current", "I cannot tell which image “current” is."),
        ("restore acme/web:latset", "There is no tag latset in acme/web now. Did you mean `latest`?"),
        ("restore acme/web:latest --force", "`restore` has no option --force."),
    ],
)
async def test_what_cannot_be_restored_is_refused_with_what_could_be(office: Office, words: str, said: str):
    assert said in await asked(office, words)
    assert office.offers.kept == {}


async def test_a_tag_that_never_changed_has_nothing_to_go_back_to(office: Office, quay: TagQuay):
    quay.points("v1", A, START - timedelta(days=1))
    assert "has never pointed at another image" in await asked(office, "restore acme/web:v1")


async def test_a_deleted_tag_comes_back_and_undo_deletes_it_again(office: Office, quay: TagQuay):
    quay.ends("latest", START - timedelta(minutes=5))
    shown = await asked(office)
    assert "It was deleted or has ended; this brings it back." in shown
    await pressed(office)
    assert quay.digest("latest") == B
    await pressed(office, "undo")
    assert quay.digest("latest") == ""


async def test_an_image_that_quay_has_deleted_for_good_is_refused_before_the_click(office: Office, quay: TagQuay):
    del quay.scans[A]
    assert "has deleted the image `sha256:aaaaaaaaaaaa` for good" in await asked(office)
    assert office.offers.kept == {}


async def test_without_a_scanner_nothing_is_claimed(office: Office, quay: TagQuay):
    quay.scans = {}
    shown = await asked(office)
    assert "*Vulnerabilities:* unknown in the one that comes. Quay has nothing from a scanner about this image" in shown
    assert "Whether Quay still has this image shows when it is restored." in shown


@pytest.mark.parametrize("status", ["queued", "unsupported", "failed", "odd"])
async def test_an_image_that_is_not_scanned_yet_is_told_so(office: Office, quay: TagQuay, status: str):
    quay.scans[A] = Scan(status)
    shown = await asked(office)
    assert "*Vulnerabilities:* unknown" in shown
    assert "Quay still has this image." in shown


async def test_past_the_time_machine_it_is_said_that_it_may_vanish(office: Office, quay: TagQuay):
    quay.place = Repository(WEB, can_write=True, keeps_for=60)
    assert "which is over: it may be deleted at any time" in await asked(office)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (Repository(WEB, state="MIRROR", can_write=True), "acme/web is a mirror"),
        (Repository(WEB, state="READ_ONLY", can_write=True), "acme/web is read-only"),
        (Repository(WEB, can_write=False), "You can read acme/web but need write there to restore tags."),
    ],
)
async def test_what_quay_would_refuse_is_refused_before_the_click(
    office: Office, quay: TagQuay, place: Repository, said: str
):
    quay.place = place
    assert said in await asked(office)
    assert office.offers.kept == {}


async def test_a_push_while_the_preview_is_made_is_noticed(office: Office, quay: TagQuay):
    quay.after["tag_digest"] = lambda: quay.points("latest", C, START)
    quay.scans[C] = Scan("scanned")
    assert "was changed while I looked at it" in await asked(office)


async def test_a_push_after_the_preview_is_noticed_and_whoever_pushed_is_named(office: Office, quay: TagQuay):
    await asked(office)
    quay.points("latest", C, START)
    quay.entries = (pushed("latest", "bob", START),)
    assert await pressed(office) == snapshot("""\
`latest` has moved (sha256:bbbbbbbbbbbb → sha256:cccccccccccc) since. bob pushed it at <!date^1795424400^{date_short_pretty} {time}|2026-11-23 09:00 UTC>. Ask again to see how things are now.
Reference KDWF-4071\
""")
    assert quay.digest("latest") == C


async def test_undo_refuses_when_the_tag_has_moved_since_and_the_card_says_so(office: Office, quay: TagQuay):
    await asked(office)
    await pressed(office)
    quay.points("latest", C, START + timedelta(minutes=3))
    quay.entries = (pushed("latest", "bob", START + timedelta(minutes=3)),)
    said = await pressed(office, "undo")
    assert "bob pushed it at <!date^1795424580^" in said
    assert "So I left it as it is." in said
    assert quay.digest("latest") == C
    [(_, blocks)] = announced(office)
    assert blocks[-1].startswith("Not undone: ")
    assert "[Undo]" not in "".join(blocks)


async def test_who_may_not_read_the_log_still_learns_when_it_moved(office: Office, quay: TagQuay):
    quay.errors["log"] = UserError("That takes admin.")
    await asked(office)
    quay.points("latest", C, START)
    assert "Quay's usage log, which admins of the repository can read, knows who it was." in await pressed(office)


async def test_an_answer_that_got_lost_is_made_good_by_looking(office: Office, quay: TagQuay):
    await asked(office)
    quay.errors["restore"] = TryLater("Nobody knows.", doubtful=True)
    quay.lost.add("restore")
    assert "*Verified:*" in await pressed(office)
    assert quay.digest("latest") == A


async def test_a_time_out_that_did_nothing_stays_a_time_out(office: Office, quay: TagQuay):
    await asked(office)
    quay.errors["restore"] = TryLater("Nobody knows.", doubtful=True)
    assert "Nobody knows." in await pressed(office)
    assert announced(office) == []
    assert office.audit.lines[-1].deed.detail == "Nobody knows. It may have happened."


async def test_a_tag_that_moves_right_after_the_restore_is_not_called_verified(office: Office, quay: TagQuay):
    await asked(office)
    quay.after["restore"] = lambda: quay.points("latest", C, START)
    said = await pressed(office)
    assert "Verified" not in said
    assert "when I looked again, `acme/web:latest` pointed at `sha256:cccccccccccc`" in said
    [(_, blocks)] = announced(office)
    assert "[Undo]" not in "".join(blocks)


async def test_what_cannot_be_read_back_is_not_called_verified(office: Office, quay: TagQuay):
    await asked(office)
    quay.after["restore"] = lambda: quay.errors.update(history=TryLater("Quay is away."))
    said = await pressed(office)
    assert "I could not read it back" in said
    assert "Verified" not in said
    [(_, blocks)] = announced(office)
    assert "[Undo]" not in "".join(blocks)  # nobody knows what it would take back


async def test_an_old_undo_does_not_throw_away_a_newer_restore_of_the_same_image(office: Office, quay: TagQuay):
    await asked(office)
    await pressed(office)
    quay.points("latest", C, START + timedelta(minutes=1))
    quay.points("latest", A, START + timedelta(minutes=2), reversion=True)
    quay.entries = (pushed("latest", "bob", START + timedelta(minutes=2), "revert_tag"),)
    said = await pressed(office, "undo")
    assert "`latest` was set anew since. bob restored it" in said
    assert quay.digest("latest") == A


async def test_channels_with_push_alerts_hear_of_it_if_their_filter_lets_the_tag_pass(office: Office):
    office.trail.urls = [
        Hook("1", "repo_push", WEB, ("C1", "C2", "C3"), START, {"C3": "tag:v*"}),
        Hook("2", "repo_push", WEB, ("C4",), START, {"C4": "tag:latest"}),
        Hook("3", "build_failure", WEB, ("C5",), START),
    ]
    await asked(office)
    await pressed(office)
    assert [channel for channel, _ in announced(office)] == ["C1", "C2", "C4"]
    assert ["[Undo]" in "".join(blocks) for _, blocks in announced(office)] == [True, False, False]


async def test_from_the_command_to_verified_takes_few_calls_one_after_the_other(office: Office, quay: TagQuay):
    """Quay answers in 200 ms: 5 s are 25 calls in a row. The log, which may have many pages, has at most 2 s."""
    quay.lockstep = Lockstep()
    quay.entries = (pushed("latest", "bob", START - timedelta(hours=1)),)
    await quay.lockstep.through(office.says("restore acme/web:latest"))
    shown = quay.lockstep.rounds
    await quay.lockstep.through(office.presses("confirm", offer_of(office)))
    assert quay.digest("latest") == A
    assert (shown, quay.lockstep.rounds - shown) == (4, 3)


async def test_a_time_is_repeated_with_the_period_that_it_lies_in(office: Office, quay: TagQuay):
    office.directory.zones["U-ALICE"] = "Europe/Berlin"
    quay.points("latest", A, START - timedelta(minutes=30), reversion=True)  # 40 s of the same image, much later
    quay.points("latest", B, START - timedelta(minutes=29, seconds=20))
    said = await asked(office, "restore acme/web:latest yesterday 18:00")
    day, last = (START - timedelta(hours=25), START - timedelta(hours=1))
    period = f"(from {when(day)} to {when(last)})"
    assert f"*Then:* {IMAGE} · what it was at `Sun 22 Nov 2026 18:00 CET (17:00 UTC)` {period}" in said
    [offer] = office.offers.kept.values()
    assert "what it was at <!date^" in restore.KIND.says(offer.act)


async def test_a_length_is_repeated_as_one(office: Office, quay: TagQuay):
    for words in ("2h", "2h ago", '"2h ago"'):
        said = await asked(office, f"restore acme/web:latest {words}")
        assert f"{IMAGE} · what it was 2 h ago, at `Mon 23 Nov 2026 07:00 UTC` (from " in said


async def test_what_is_far_back_in_a_long_history_is_found(office: Office, quay: TagQuay):
    for number in range(700):
        quay.points("v1", f"sha256:{number:064x}", START - timedelta(hours=1400 - number))
    assert "`sha256:000000000000` · it was this for 1 h" in await asked(office, f"restore acme/web:v1 {0:064x}")

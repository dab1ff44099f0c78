"""`/quay tag history`: a picture of what a tag has pointed at."""

# ruff: noqa: E501 - what people read stands on one line

import re
from datetime import timedelta

import pytest
from inline_snapshot import snapshot

from bot.blocks.paging import pack
from bot.domain.errors import Lacking, TryLater, UserError
from bot.domain.images import TagRow
from tests.handlers.conftest import BOB, START, Office
from tests.handlers.double_tags import calls_of
from tests.handlers.tag_words import HOUR, LATEST, A, B, C, entry


def row(digest: str, hours_ago: float, ended: float | None = None, *, back: bool = False, **facts: object) -> TagRow:
    end = None if ended is None else START - HOUR * ended
    facts = {"size": 12_900_000} | facts
    return TagRow("latest", digest, START - HOUR * hours_ago, end, reversion=back, **facts)  # type: ignore[arg-type]


async def test_a_history_shows_restores_gaps_and_who_it_was(office: Office) -> None:
    office.quay.shelf.rows[LATEST] = (
        row(A, 1, back=True, expires=START + HOUR * 24, immutable=True),
        row(B, 3, 1),
        row(C, 10, 6, size=None, is_list=True),
        row(A, 30, 10),
    )
    office.quay.entries = (
        entry("revert_tag", 1, manifest_digest=A, oauth_token_application="quaybot"),
        entry("push_repo", 3, "acme+ci"),
        entry("delete_tag", 6, "bob"),
        entry("move_tag", 10, "bob", manifest_digest=C),
    )
    assert office.reads(await office.says("tag history acme/web:latest")) == snapshot(
        [
            """\
🏷️ *History of <https://quay.example/repository/acme/web?tab=tags&amp;tag=latest|acme/web:latest>*
Now 🟦 `sha256:aaaaaaaaaaaa` since <!date^1795420800^{date_short_pretty} {time}|2026-11-23 08:00 UTC> · ⏳ expires <!date^1795510800^{date_short_pretty} {time}|2026-11-24 09:00 UTC> · 🔒 immutable
4 steps with 3 images.\
""",
            """\
🟦 `sha256:aaaaaaaaaaaa` · *now*, since <!date^1795420800^{date_short_pretty} {time}|2026-11-23 08:00 UTC> · so far 1 h · 12.3 MiB
┃\u2003↩ *restored* by *alice*
🟪 `sha256:bbbbbbbbbbbb` · <!date^1795413600^{date_short_pretty} {time}|2026-11-23 06:00 UTC> · for 2 h · 12.3 MiB
┃\u2003pushed by *acme+ci*
✖ *deleted* by *bob* <!date^1795402800^{date_short_pretty} {time}|2026-11-23 03:00 UTC>, was gone for 3 h
🟧 `sha256:cccccccccccc` · <!date^1795388400^{date_short_pretty} {time}|2026-11-22 23:00 UTC> · for 4 h · several platforms
┃\u2003moved by *bob*
🟦 `sha256:aaaaaaaaaaaa` · <!date^1795316400^{date_short_pretty} {time}|2026-11-22 03:00 UTC> · for 20 h · 12.3 MiB
\u2003\u2003the first one that Quay remembers\
""",
            "Where an application was used, it was quaybot.",
            "[Compare with previous] [Restore…]",
        ]
    )


async def test_without_the_admin_role_everything_but_the_names_is_told(office: Office) -> None:
    office.quay.shelf.had(LATEST, START, B, A)
    office.quay.errors["log"] = Lacking("no", repository="acme/web", needs="admin", does="read the usage log")
    assert office.reads(await office.says("tag history acme/web:latest")) == snapshot(
        [
            """\
🏷️ *History of <https://quay.example/repository/acme/web?tab=tags&amp;tag=latest|acme/web:latest>*
Now 🟧 `sha256:bbbbbbbbbbbb` since <!date^1795420800^{date_short_pretty} {time}|2026-11-23 08:00 UTC>
2 steps with 2 images.\
""",
            """\
🟧 `sha256:bbbbbbbbbbbb` · *now*, since <!date^1795420800^{date_short_pretty} {time}|2026-11-23 08:00 UTC> · so far 1 h · 976.6 KiB
┃\u2003new image
🟦 `sha256:aaaaaaaaaaaa` · <!date^1795417200^{date_short_pretty} {time}|2026-11-23 07:00 UTC> · for 1 h · 976.6 KiB
\u2003\u2003the first one that Quay remembers\
""",
            "Who did it stands in Quay's usage log, which takes the admin role of the repository.",
            "[Compare with previous] [Restore…]",
        ]
    )


async def test_a_usage_log_that_does_not_answer_spoils_nothing(office: Office) -> None:
    office.quay.shelf.had(LATEST, START, B, A)
    office.quay.errors["log"] = TryLater("Quay is slow.")
    shown = office.reads(await office.says("tag history acme/web:latest"))
    assert "so nobody is named" in " ".join(shown)


async def test_a_long_usage_log_says_how_far_it_was_read(office: Office) -> None:
    office.quay.shelf.had(LATEST, START, B, A)
    office.quay.entries = tuple(entry("pull_repo", 1 + number / 100) for number in range(100))
    assert "who did what is known since" in office.reads(await office.says("tag history acme/web:latest"))[2]


async def test_a_history_that_goes_on_does_not_claim_to_know_its_beginning(office: Office) -> None:
    office.quay.shelf.had(LATEST, START, *[A, B] * 1001)
    last = " ".join(office.reads(await office.presses("tag_history_next", pack("acme/web", "latest", at=1990))))
    assert "older steps are not shown here" in last
    assert "the first one" not in last


async def test_a_page_beyond_the_end_shows_what_is_last(office: Office) -> None:
    office.quay.shelf.had(LATEST, START, B, A)
    assert (
        "`sha256:aaaaaaaaaaaa`"
        in office.reads(await office.presses("tag_history_next", pack("acme/web", "latest", at=99999)))[1]
    )


async def test_a_tag_that_is_gone_says_since_when(office: Office) -> None:
    office.quay.shelf.rows[LATEST] = (row(B, 5, 2), row(A, 9, 5))
    office.quay.entries = (entry("delete_tag", 2, "bob"),)
    assert office.reads(await office.says("tag history acme/web:latest")) == snapshot(
        [
            """\
🏷️ *History of <https://quay.example/repository/acme/web?tab=tags&amp;tag=latest|acme/web:latest>*
✖ *There is no such tag now*: it has been gone since <!date^1795417200^{date_short_pretty} {time}|2026-11-23 07:00 UTC> (2 hours ago).
2 steps with 2 images.\
""",
            """\
✖ *deleted* by *bob* <!date^1795417200^{date_short_pretty} {time}|2026-11-23 07:00 UTC>, gone for 2 h so far
🟧 `sha256:bbbbbbbbbbbb` · <!date^1795406400^{date_short_pretty} {time}|2026-11-23 04:00 UTC> · for 3 h · 12.3 MiB
┃\u2003new image
🟦 `sha256:aaaaaaaaaaaa` · <!date^1795392000^{date_short_pretty} {time}|2026-11-23 00:00 UTC> · for 4 h · 12.3 MiB
\u2003\u2003the first one that Quay remembers\
""",
            "[Restore…]",
        ]
    )


async def test_a_tag_that_never_was_has_no_picture(office: Office) -> None:
    reply = await office.says("tag history acme/web:nothing")
    assert office.reads(reply) == snapshot(
        [
            "🏷️ *<https://quay.example/repository/acme/web?tab=tags&amp;tag=nothing|acme/web:nothing>* has no history: Quay knows no tag of that name, and no deleted one."
        ]
    )


async def test_a_tag_that_is_called_nearly_so_is_named(office: Office) -> None:
    office.quay.shelf.had(LATEST, START, A)
    texts = office.reads(await office.says("tag history acme/web:latset"))
    assert "Did you mean `latest`?" in texts


async def test_thirty_steps_have_three_pages_and_every_step_is_on_one(office: Office) -> None:
    digests = [f"sha256:{number:012x}{0:052x}" for number in range(28)]
    office.quay.shelf.had(LATEST, START, *digests, digests[0], digests[1])
    first = await office.says("tag history acme/web:latest")
    assert office.reads(first) == snapshot(
        [
            """\
🏷️ *History of <https://quay.example/repository/acme/web?tab=tags&amp;tag=latest|acme/web:latest>*
Now 🟧 `sha256:000000000000` since <!date^1795420800^{date_short_pretty} {time}|2026-11-23 08:00 UTC>
30 steps with 28 images.\
""",
            """\
🟧 `sha256:000000000000` · *now*, since <!date^1795420800^{date_short_pretty} {time}|2026-11-23 08:00 UTC> · so far 1 h · 976.6 KiB
┃\u2003⤴ *back to an earlier image*
🟦 `sha256:000000000001` · <!date^1795417200^{date_short_pretty} {time}|2026-11-23 07:00 UTC> · for 1 h · 976.6 KiB
┃\u2003⤴ *back to an earlier image*
🔵 `sha256:000000000002` · <!date^1795413600^{date_short_pretty} {time}|2026-11-23 06:00 UTC> · for 1 h · 976.6 KiB
┃\u2003new image
⬜ `sha256:000000000003` · <!date^1795410000^{date_short_pretty} {time}|2026-11-23 05:00 UTC> · for 1 h · 976.6 KiB
┃\u2003new image
⬛ `sha256:000000000004` · <!date^1795406400^{date_short_pretty} {time}|2026-11-23 04:00 UTC> · for 1 h · 976.6 KiB
┃\u2003new image
🟥 `sha256:000000000005` · <!date^1795402800^{date_short_pretty} {time}|2026-11-23 03:00 UTC> · for 1 h · 976.6 KiB
┃\u2003new image
🟫 `sha256:000000000006` · <!date^1795399200^{date_short_pretty} {time}|2026-11-23 02:00 UTC> · for 1 h · 976.6 KiB
┃\u2003new image
🟨 `sha256:000000000007` · <!date^1795395600^{date_short_pretty} {time}|2026-11-23 01:00 UTC> · for 1 h · 976.6 KiB
┃\u2003new image
🟩 `sha256:000000000008` · <!date^1795392000^{date_short_pretty} {time}|2026-11-23 00:00 UTC> · for 1 h · 976.6 KiB
┃\u2003new image
🟪 `sha256:000000000009` · <!date^1795388400^{date_short_pretty} {time}|2026-11-22 23:00 UTC> · for 1 h · 976.6 KiB
┃\u2003new image\
""",
            "Steps 1 to 10 of 30.",
            "[Next] [Compare with previous] [Restore…]",
        ]
    )
    seen = " ".join(office.reads(first))
    for start in (10, 20):
        page = await office.presses("tag_history_next", pack("acme/web", "latest", at=start))
        assert page is not None
        assert page.replace
        seen += " ".join(office.reads(page))
    assert [digest for digest in digests if digest[7:19] not in seen] == []
    assert office.reads(page)[-1] == "[Previous] [Compare with previous] [Restore…]"


async def test_an_image_keeps_its_colour_when_new_steps_come_on_top(office: Office) -> None:
    office.quay.shelf.had(LATEST, START, B, A)
    assert "🟧 `sha256:bbbbbbbbbbbb`" in office.reads(await office.says("tag history acme/web:latest"))[0]
    for digests in ((C, B, A), (A, C, B, A), (A, A, C, B, B, A)):
        office.quay.shelf.had(LATEST, START, *digests)
        shown = office.reads(await office.says("tag history acme/web:latest"))[1]
        assert {"🟦 `sha256:aaaaaaaaaaaa`", "🟧 `sha256:bbbbbbbbbbbb`", "🟪 `sha256:cccccccccccc`"} == set(
            re.findall(r"[^ \n┃]+ `sha256:.{12}`", shown)
        )


async def test_what_everything_came_through_is_said_once(office: Office) -> None:
    office.quay.shelf.had(LATEST, START, B, A)
    through = {"oauth_token_application": "Tokens by hand"}
    office.quay.entries = (entry("move_tag", 1, **through), entry("move_tag", 2, **through))
    shown = office.reads(await office.says("tag history acme/web:latest"))
    assert "\n".join(shown).count("Tokens by hand") == 1
    assert "Where an application was used, it was Tokens by hand." in shown[2]


async def test_every_step_of_a_long_history_is_on_a_page(office: Office) -> None:
    digests = [f"sha256:{number:012x}{0:052x}" for number in range(1234)]
    office.quay.shelf.had(LATEST, START, *digests)
    assert "1,234 steps with 1,234 images." in office.reads(await office.says("tag history acme/web:latest"))[0]
    last = office.reads(await office.presses("tag_history_next", pack("acme/web", "latest", at=1230)))
    assert f"`sha256:{1233:012x}`" in last[1]
    assert "the first one that Quay remembers" in last[1]


async def test_nasty_names_do_no_harm(office: Office) -> None:
    office.quay.shelf.had("acme/web:v_1_.-x", START, B, A)
    nasty = "*bob* <!channel> `x` <https://evil.example|click>"
    office.quay.entries = (
        entry("push_repo", 1, nasty, "v_1_.-x", oauth_token_application="<@U1> _it_ :tada:"),
        entry("push_repo", 2, nasty, "v_1_.-x"),
    )
    assert office.reads(await office.says("tag history acme/web:v_1_.-x"))[1] == snapshot("""\
🟧 `sha256:bbbbbbbbbbbb` · *now*, since <!date^1795420800^{date_short_pretty} {time}|2026-11-23 08:00 UTC> · so far 1 h · 976.6 KiB
┃\u2003pushed by *∗bob∗ &lt;!channel&gt; ˋxˋ &lt;https://evil.example|click&gt;*
🟦 `sha256:aaaaaaaaaaaa` · <!date^1795417200^{date_short_pretty} {time}|2026-11-23 07:00 UTC> · for 1 h · 976.6 KiB
\u2003\u2003pushed by *∗bob∗ &lt;!channel&gt; ˋxˋ &lt;https://evil.example|click&gt;*\
""")


async def test_the_history_and_the_usage_log_are_both_asked_with_the_askers_own_token(office: Office) -> None:
    office.links_bob()
    office.quay.shelf.had(LATEST, START, A)
    await office.says("tag history acme/web:latest", BOB)
    assert {call[0] for call in office.quay.calls} == {"token-bob"}
    assert calls_of(office.quay.calls, "log") == [("acme/web", START - timedelta(days=30), START)]


async def test_a_history_that_may_not_be_seen_is_refused(office: Office) -> None:
    office.quay.errors["history"] = UserError("You do not see acme/web.")
    assert office.reads(await office.says("tag history acme/web:latest")) == ["You do not see acme/web."]


@pytest.mark.parametrize("words", ["acme/web", "acme/web:a b"])
async def test_other_words_are_explained(office: Office, words: str) -> None:
    assert "tag history acme/web:latest" in " ".join(office.reads(await office.says(f"tag history {words}")))


async def test_the_button_compares_the_last_two_images(office: Office) -> None:
    office.quay.shelf.had(LATEST, START, B, A)
    reply = await office.presses("tag_compare", LATEST)
    assert "`sha256:aaaaaaaaaaaa` → `sha256:bbbbbbbbbbbb`" in office.reads(reply)[0]

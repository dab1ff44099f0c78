"""The words of a build that has ended, or that Quay has lost sight of: how, and with which error."""

# ruff: noqa: E501 - the words are as long as they are

import pytest
from inline_snapshot import snapshot

from bot.domain.events import Phase, Progress
from tests.blocks.build_cards import Look, build


def test_a_build_that_succeeded(look: Look) -> None:
    assert look(build(Phase.COMPLETE, error="", progress=Progress(step=9, steps=9))) == snapshot("""\
Build succeeded: acme/api:v1.4.0 (and latest), build 1a2b3c4d from main @ 9f8e7d6, commit by Ada, requested by alice.
🟢 *Build succeeded* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more) · <https://q.io/repository/acme/api/build/1a2b3c4d-0000|build 1a2b3c4d>
#2eb67d
github · branch `main` · commit <https://github.example/acme/api/commit/9f8e7d6|9f8e7d6> · tags `v1.4.0` `latest`
Fix the ∗flaky∗ test
~ requested by alice · commit by Ada · took about 4 min · ⟨2026-11-23 12:04 UTC⟩
[Logs](acme/api 1a2b3c4d-0000) [Open in Quay](https://q.io/repository/acme/api/build/1a2b3c4d-0000)\
""")


def test_a_failed_build_shows_why_and_where_its_log_was_cut(look: Look) -> None:
    tail = tuple(f"\x1b[31mline {number}\x1b[0m" for number in range(1, 50))
    assert look(build(Phase.ERROR, error="The command `make` returned 2", log_tail=tail)) == snapshot("""\
Build failed: acme/api:v1.4.0 (and latest), build 1a2b3c4d from main @ 9f8e7d6, commit by Ada, requested by alice. The command ˋmakeˋ returned 2
🔴 *Build failed* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more) · <https://q.io/repository/acme/api/build/1a2b3c4d-0000|build 1a2b3c4d>
#e01e5a
github · branch `main` · commit <https://github.example/acme/api/commit/9f8e7d6|9f8e7d6> · tags `v1.4.0` `latest`
Fix the ∗flaky∗ test
*Error:* The command ˋmakeˋ returned 2
```
… 34 lines cut
line 35
line 36
line 37
line 38
line 39
line 40
line 41
line 42
line 43
line 44
line 45
line 46
line 47
line 48
line 49
```
~ requested by alice · commit by Ada · took about 4 min · ⟨2026-11-23 12:04 UTC⟩
[Logs](acme/api 1a2b3c4d-0000) [Retry](acme/api 1a2b3c4d-0000) [Open in Quay](https://q.io/repository/acme/api/build/1a2b3c4d-0000)\
""")


def test_a_build_that_broke_inside_quay(look: Look) -> None:
    assert look(build(Phase.INTERNAL_ERROR)) == snapshot("""\
Build stopped by an internal error: acme/api:v1.4.0 (and latest), build 1a2b3c4d from main @ 9f8e7d6, commit by Ada, requested by alice.
🟠 *Build stopped by an internal error* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more) · <https://q.io/repository/acme/api/build/1a2b3c4d-0000|build 1a2b3c4d>
#ecb22e
github · branch `main` · commit <https://github.example/acme/api/commit/9f8e7d6|9f8e7d6> · tags `v1.4.0` `latest`
Fix the ∗flaky∗ test
Something in Quay's build system broke. Quay may start it again by itself.
~ requested by alice · commit by Ada · took about 4 min · ⟨2026-11-23 12:04 UTC⟩
[Logs](acme/api 1a2b3c4d-0000) [Retry](acme/api 1a2b3c4d-0000) [Open in Quay](https://q.io/repository/acme/api/build/1a2b3c4d-0000)\
""")


def test_a_build_that_expired(look: Look) -> None:
    assert look(build(Phase.EXPIRED)) == snapshot("""\
Build expired: acme/api:v1.4.0 (and latest), build 1a2b3c4d from main @ 9f8e7d6, commit by Ada, requested by alice.
🔴 *Build expired* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more) · <https://q.io/repository/acme/api/build/1a2b3c4d-0000|build 1a2b3c4d>
#e01e5a
github · branch `main` · commit <https://github.example/acme/api/commit/9f8e7d6|9f8e7d6> · tags `v1.4.0` `latest`
Fix the ∗flaky∗ test
The build machine stopped answering, and Quay has given up on it.
~ requested by alice · commit by Ada · took about 4 min · ⟨2026-11-23 12:04 UTC⟩
[Logs](acme/api 1a2b3c4d-0000) [Retry](acme/api 1a2b3c4d-0000) [Open in Quay](https://q.io/repository/acme/api/build/1a2b3c4d-0000)\
""")


def test_a_cancelled_build(look: Look) -> None:
    assert look(build(Phase.CANCELLED)) == snapshot("""\
Build cancelled: acme/api:v1.4.0 (and latest), build 1a2b3c4d from main @ 9f8e7d6, commit by Ada, requested by alice.
⚪ *Build cancelled* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more) · <https://q.io/repository/acme/api/build/1a2b3c4d-0000|build 1a2b3c4d>
#616061
github · branch `main` · commit <https://github.example/acme/api/commit/9f8e7d6|9f8e7d6> · tags `v1.4.0` `latest`
Fix the ∗flaky∗ test
~ requested by alice · commit by Ada · took about 4 min · ⟨2026-11-23 12:04 UTC⟩
[Logs](acme/api 1a2b3c4d-0000) [Retry](acme/api 1a2b3c4d-0000) [Open in Quay](https://q.io/repository/acme/api/build/1a2b3c4d-0000)\
""")


def test_a_build_that_quay_cannot_see(look: Look) -> None:
    assert look(build(Phase.UNKNOWN, error="Redis is away")) == snapshot("""\
Build state unknown: acme/api:v1.4.0 (and latest), build 1a2b3c4d from main @ 9f8e7d6, commit by Ada, requested by alice. Redis is away
🟠 *Build state unknown* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more) · <https://q.io/repository/acme/api/build/1a2b3c4d-0000|build 1a2b3c4d>
#ecb22e
github · branch `main` · commit <https://github.example/acme/api/commit/9f8e7d6|9f8e7d6> · tags `v1.4.0` `latest`
Fix the ∗flaky∗ test
Quay cannot say right now how this build is doing.
*Error:* Redis is away
~ requested by alice · commit by Ada · ⟨2026-11-23 12:04 UTC⟩
[Logs](acme/api 1a2b3c4d-0000) [Cancel](acme/api 1a2b3c4d-0000) [Open in Quay](https://q.io/repository/acme/api/build/1a2b3c4d-0000)\
""")


def test_short_times_are_not_told_because_webhooks_are_late() -> None:
    assert "took" not in str(build(Phase.COMPLETE, minutes=0.5).details)


@pytest.mark.parametrize("error", ["Error: it broke", "ERROR:  error: it broke", "it broke"])
def test_the_word_error_is_not_said_twice(error: str) -> None:
    message = build(Phase.ERROR, error=error)
    assert message.text.endswith("requested by alice. it broke")
    assert message.details[1]["text"]["text"] == "*Error:* it broke"


@pytest.mark.parametrize("line", ["it `broke` & <fell>", "  make: Error: it `broke` & <fell> (2)"])
def test_an_error_that_the_log_says_is_not_repeated(line: str) -> None:
    message = build(Phase.ERROR, error="Error: it `broke` & <fell>", log_tail=("Step 3/9", line))
    assert message.details[1]["text"]["text"].startswith("```\nStep 3/9\n")
    assert "it ˋbrokeˋ" in message.text


def test_an_error_above_the_lines_that_are_shown_is_said() -> None:
    message = build(Phase.ERROR, error="it broke", log_tail=("it broke", *("later",) * 20))
    assert message.details[1]["text"]["text"].startswith("*Error:* it broke\n```")

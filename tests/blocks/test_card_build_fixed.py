"""A build that works again, and one that was found out later."""

# ruff: noqa: E501 - the words are as long as they are

from inline_snapshot import snapshot

from bot.domain.events import Phase
from tests.blocks.build_cards import Look, build


def test_a_build_that_works_again_says_fixed_and_which_one_had_failed(look: Look) -> None:
    assert look(build(Phase.COMPLETE, fixed=True, failed_before="99887766-1111")) == snapshot("""\
Fixed: build succeeded, acme/api:v1.4.0 (and latest), build 1a2b3c4d from main @ 9f8e7d6, commit by Ada, requested by alice.
✅ *Fixed: build succeeded* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more) · <https://q.io/repository/acme/api/build/1a2b3c4d-0000|build 1a2b3c4d>
#2eb67d
github · branch `main` · commit <https://github.example/acme/api/commit/9f8e7d6|9f8e7d6> · tags `v1.4.0` `latest`
Fix the ∗flaky∗ test
It works again: <https://q.io/repository/acme/api/build/99887766-1111|build 99887766> had failed.
~ requested by alice · commit by Ada · took about 4 min · ⟨2026-11-23 12:04 UTC⟩
[Logs](acme/api 1a2b3c4d-0000) [Open in Quay](https://q.io/repository/acme/api/build/1a2b3c4d-0000)\
""")


def test_a_build_that_works_again_says_fixed_if_nobody_knows_which_one_had_failed(look: Look) -> None:
    shown = look(build(Phase.COMPLETE, fixed=True))
    assert "✅ *Fixed: build succeeded*" in shown
    assert "had failed" not in shown


def test_a_build_that_has_not_succeeded_is_not_fixed(look: Look) -> None:
    assert "ixed" not in look(build(Phase.BUILDING, fixed=True, commit_message=""))


def test_a_build_that_was_found_out_later_says_how_late_it_is(look: Look) -> None:
    late = build(Phase.ERROR, recovered=True, note="recovered, 14 min late", commit_message="")
    assert look(late) == snapshot("""\
Build failed: acme/api:v1.4.0 (and latest), build 1a2b3c4d from main @ 9f8e7d6, commit by Ada, requested by alice. Note: recovered, 14 min late.
🔴 *Build failed* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more) · <https://q.io/repository/acme/api/build/1a2b3c4d-0000|build 1a2b3c4d> · ⏪ recovered, 14 min late
#e01e5a
github · branch `main` · commit <https://github.example/acme/api/commit/9f8e7d6|9f8e7d6> · tags `v1.4.0` `latest`
~ requested by alice · commit by Ada · took about 4 min · ⟨2026-11-23 12:04 UTC⟩
[Logs](acme/api 1a2b3c4d-0000) [Retry](acme/api 1a2b3c4d-0000) [Open in Quay](https://q.io/repository/acme/api/build/1a2b3c4d-0000)\
""")

"""Summaries of channels, as people read them."""

# ruff: noqa: E501 - golden sentences stand on one line

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.blocks.summary import summary
from bot.blocks.validator import neutral_problems, problems
from bot.domain.digests import Happened, Rhythm
from bot.domain.messages import Message
from bot.rules.rhythm import Due

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
QUAY = "https://quay.example"
DAY = Due(NOW - timedelta(days=1), NOW, digest=True)
WEEK = Due(NOW - timedelta(days=7), NOW, digest=True)
NIGHT = Due(NOW - timedelta(hours=11), NOW - timedelta(hours=2), digest=False)
DAILY, QUIET = Rhythm("Europe/Berlin", digest="daily 10:00"), Rhythm("Europe/Berlin", "23:00-08:00")
WEEKLY = Rhythm("Europe/Berlin", digest="weekly tue 10:00")


def texts(message: Message | None) -> list[str]:
    assert message is not None
    payload = message.payload()
    assert problems(payload) == []
    assert neutral_problems(payload) == []
    found = [block["text"]["text"] if "text" in block else block["elements"][0]["text"] for block in message.blocks]
    return [message.text, *found]


HAPPENED = (
    Happened("acme/web", "repo_push", 12, 30, 4, ("v1", "v2", "latest")),
    Happened("acme/api", "repo_push", 40, 0, 0),
    Happened("acme/web", "build_failure", 2, 0, 0, ("v2",)),
    Happened("acme/web", "build_success", 9, 0, 0),
    Happened("acme/api", "vulnerability_found", 3, 5, 0),
    Happened("acme/mirror", "repo_mirror_sync_failed", 0, 1, 1),
    Happened("acme", "quota_error", 1, 0, 0),
)


def test_what_needs_somebody_stands_first() -> None:
    assert texts(summary(HAPPENED, DAY, DAILY, QUAY)) == snapshot(
        [
            "🗞️ The last day: 7 that need somebody, 56 pushes, 9 other events.",
            "🗞️ *The last day* (<!date^1795424400^{date_short_pretty} {time}|2026-11-23 09:00 UTC> to <!date^1795510800^{date_short_pretty} {time}|2026-11-24 09:00 UTC>)",
            """\
*Needs somebody*
• ⛔ 1 push refused for lack of storage in <https://quay.example/organization/acme|acme>
• ❌ 2 failed builds in <https://quay.example/repository/acme/web|acme/web> · `v2`
• 🛡️ 3 findings in <https://quay.example/repository/acme/api|acme/api>
• ❌ 1 failed mirror sync in <https://quay.example/repository/acme/mirror|acme/mirror>
*Pushed*
• <https://quay.example/repository/acme/api|acme/api>: 40 pushes
• <https://quay.example/repository/acme/web|acme/web>: 16 pushes · `v1` `v2` `latest`
*Also*
• 9 builds finished\
""",
            "Kept out meanwhile: 5 by quiet hours, 31 by filters or a pause. `/quay why acme/web` names the rule.",
        ]
    )


def test_after_quiet_hours_only_what_they_kept_out_is_told() -> None:
    assert texts(summary(HAPPENED, NIGHT, QUIET, QUAY)) == snapshot(
        [
            "☀️ While it was quiet: 1 that needs somebody, 4 pushes.",
            "☀️ *While it was quiet* (<!date^1795471200^{date_short_pretty} {time}|2026-11-23 22:00 UTC> to <!date^1795503600^{date_short_pretty} {time}|2026-11-24 07:00 UTC>)",
            """\
*Needs somebody*
• ❌ 1 failed mirror sync in <https://quay.example/repository/acme/mirror|acme/mirror>
*Pushed*
• <https://quay.example/repository/acme/web|acme/web>: 4 pushes · `v1` `v2` `latest`\
""",
            "Kept out: 5 by quiet hours, 31 by filters or a pause. `/quay why acme/web` names the rule.",
        ]
    )


def test_quiet_hours_that_kept_nothing_out_have_no_summary() -> None:
    assert summary((Happened("acme/web", "repo_push", 12, 30, 0),), NIGHT, QUIET, QUAY) is None


def test_a_day_with_nothing_has_none_and_a_week_has_one_line() -> None:
    assert summary((), DAY, DAILY, QUAY) is None
    assert texts(summary((), WEEK, WEEKLY, QUAY)) == snapshot(
        [
            "🗞️ The last week: nothing happened that is told here.",
            "🗞️ *The last week* (<!date^1794906000^{date_short_pretty} {time}|2026-11-17 09:00 UTC> to <!date^1795510800^{date_short_pretty} {time}|2026-11-24 09:00 UTC>): nothing happened that is told here.",
        ]
    )


def test_a_day_on_which_filters_kept_everything_out_says_so() -> None:
    assert texts(summary((Happened("acme/web", "repo_push", 0, 30, 0),), DAY, DAILY, QUAY)) == snapshot(
        [
            "🗞️ The last day: nothing happened that is told here.",
            "🗞️ *The last day* (<!date^1795424400^{date_short_pretty} {time}|2026-11-23 09:00 UTC> to <!date^1795510800^{date_short_pretty} {time}|2026-11-24 09:00 UTC>): nothing happened that is told here.",
            "Kept out meanwhile: 30 by filters or a pause. `/quay why acme/web` names the rule.",
        ]
    )


def test_many_repositories_are_counted_instead_of_listed() -> None:
    many = tuple(Happened(f"acme/app{number:03}", "repo_push", 500 - number, 0, 0) for number in range(300))
    shown = texts(summary(many, DAY, DAILY, QUAY))
    assert "acme/app000" in shown[2]
    assert "and 288 more lines, not shown" in shown[2]


def test_foreign_names_stay_names() -> None:
    odd = (Happened("acme/<!channel>", "repo_push", 1, 0, 0, ("<@U1>", "`*x*`")),)
    assert "<!channel>" not in "".join(texts(summary(odd, DAY, DAILY, QUAY)))


kinds = st.sampled_from(["repo_push", "build_failure", "vulnerability_found", "quota_error", "build_queued", "odd"])
rows = st.builds(
    lambda subject, kind, shown, quiet, more, tags: Happened(subject, kind, shown, quiet + more, quiet, tuple(tags)),
    st.text(min_size=1, max_size=300),
    kinds,
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.lists(st.text(max_size=130), max_size=6),
)


@given(st.lists(rows, max_size=60), st.sampled_from([DAY, NIGHT]), st.sampled_from([DAILY, WEEKLY, QUIET]))
def test_whatever_happened_slack_takes_the_summary(happened: list[Happened], due: Due, rhythm: Rhythm) -> None:
    message = summary(happened, due, rhythm, QUAY)
    if message is not None:
        texts(message)

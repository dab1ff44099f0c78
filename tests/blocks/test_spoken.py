"""What errors say, as mrkdwn."""

from bot.blocks.spoken import spoken


def test_a_time_is_shown_in_the_readers_own_zone() -> None:
    said = spoken("latest did not exist at 2026-11-20 09:00 UTC, nor at 2026-11-20 09:00:30 UTC.")
    assert said == (
        "latest did not exist at <!date^1795165200^{date_short_pretty} {time}|2026-11-20 09:00 UTC>, "
        "nor at <!date^1795165230^{date_short_pretty} {time_secs}|2026-11-20 09:00:30 UTC>."
    )


def test_what_only_looks_like_a_time_stays_as_it_is() -> None:
    for text in ("2026-13-20 09:00 UTC", "12026-11-20 09:00 UTC", "2026-11-20 09:00", "`2026-11-20 09:00 UTC`"):
        assert spoken(text) == text

"""Global messages with a time: how far ahead, how long, when to try again, and when to give up. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.banners import Banner, BannerStage
from bot.domain.errors import UserError

FARTHEST = timedelta(days=90)  # ahead: nobody remembers what they scheduled before that
LONGEST = timedelta(days=30)  # shown
SHORTEST = timedelta(minutes=1)
LENGTH = 1500  # characters of a message: a banner is no page
PATIENCE = timedelta(minutes=30)  # how late it may begin, if it has no end
REMOVING = timedelta(days=1)  # how long an end is tried
PAUSE = timedelta(minutes=1)  # between two tries, and before something that was cut off is looked at
SEVERITIES = ("info", "warning", "error")
FORMATS = {"plain": "text/plain", "markdown": "text/markdown"}
_CUT_OFF = (BannerStage.POSTING, BannerStage.REMOVING)


def checked(content: str) -> str:
    """What is to be shown. Raises UserError if it is nothing, or too much."""
    content = content.strip()
    if not content:
        example = '/quay message post info "Maintenance at 22:00 UTC"'
        raise UserError(f"What should the message say? For example: `{example}`")
    if len(content) > LENGTH:
        raise UserError(f"A global message may have {LENGTH:,} characters; this one has {len(content):,}.")
    return content


def soon_enough(begins: datetime, now: datetime) -> datetime:
    """When it begins. Raises UserError if that is too far ahead."""
    if begins - now > FARTHEST:
        raise UserError(
            f"That is more than {FARTHEST.days} days ahead. Please schedule it later, so that it fits then."
        )
    return begins


def short_enough(length: timedelta) -> timedelta:
    """How long it is shown. Raises UserError if that is too long or too short."""
    if length > LONGEST:
        raise UserError(
            f"At most {LONGEST.days} days: what is shown for longer is read by nobody. Leave out --for to show it "
            "until somebody deletes it."
        )
    if length < SHORTEST:
        raise UserError("Less than a minute is too short to be read. Right is for example: --for 2h")
    return length


def last_try(banner: Banner) -> datetime:
    """Until when its beginning is tried: it is of no use after its end, nor long after its time."""
    return banner.ends_at if banner.ends_at is not None else banner.begins_at + PATIENCE


def rests(banner: Banner, now: datetime) -> bool:
    """True if it was tried a moment ago."""
    return bool(banner.reason) and now - banner.moved_at < PAUSE


def cut_off(banners: Sequence[Banner], now: datetime) -> list[Banner]:
    """Those that somebody began to post or to remove, and never said what came of it."""
    return [one for one in banners if one.stage in _CUT_OFF and now - one.moved_at >= PAUSE]

"""Everything that is sealed, sealed anew with the newest of SECRET_KEYS."""

from bot.blocks.clean import one_line
from bot.blocks.text import count
from bot.domain.errors import GiveUp
from bot.operator.opening import opened
from bot.settings import Settings

_NAMED = 20  # of what is lost


async def rotate_secrets(settings: Settings) -> tuple[list[str], list[str]]:
    """What was done, and what is lost: lines each. Raises UserError when there are no keys."""
    async with opened(settings) as store:
        done = await store.secrets.rotate()
    were = "was" if done.current == 1 else "were"
    said = f"{count(done.sealed, 'secret')} sealed anew with the first of SECRET_KEYS; {done.current:,} {were} already."
    if not done.lost:
        if not settings.secret_keys[1:]:
            return [said], []
        return [said, "The keys after the first one are not needed any more: take them out of SECRET_KEYS."], []
    lost = [f"{count(len(done.lost), 'secret')} cannot be opened with any of SECRET_KEYS:"]
    lost += [f"  {one_line(what)[:120]}" for what in done.lost[:_NAMED]]
    if len(done.lost) > _NAMED:
        lost.append(f"  and {len(done.lost) - _NAMED:,} more")
    lost.append(
        "If you still have the key that sealed them, put it at the end of SECRET_KEYS and run this again. "
        "If not, these people have to run /quay link once more; what they asked for meanwhile is gone."
    )
    return [said], lost


async def unopened_accounts(settings: Settings) -> list[str]:
    """For the check-up: a line if there are accounts that no key opens."""
    closed = 0
    async with opened(settings) as store:
        people = await store.accounts.everybody()
        for person in people:
            try:
                await store.accounts.of(person)
            except GiveUp:
                closed += 1
    if not closed:
        return []
    lost = f"{closed:,} of {count(len(people), 'Quay account')} cannot be opened with any of SECRET_KEYS"
    return [f"{lost}: put the missing key at the end of it; see whose they are with quaybot secrets rotate"]

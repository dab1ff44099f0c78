"""Subscriptions from the command line: what a file would change, changing it, and a file of what there is."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.adapters.clock import SystemClock
from bot.adapters.quay import QuayRegistry
from bot.domain.acts import Act, Outcome
from bot.domain.errors import UserError
from bot.domain.people import Account, Person
from bot.domain.subscriptions import State, Subscription
from bot.operator.opening import opened
from bot.operator.subscription_owners import check_rights, owners_of
from bot.ports import Store
from bot.rules.subscribing import written
from bot.rules.subscription_file import Entry, export, read
from bot.rules.subscription_plan import Plan, Step, plan
from bot.rules.toml_report import BadFile
from bot.services import subscribing
from bot.services.audit import AuditBook
from bot.services.references import new_reference
from bot.settings import Settings

OPERATOR = Person("", "operator")  # in the audit
NO_KEYS = (
    "Set SECRET_KEYS in .env to what the running bot has: the accounts of the owners are sealed with it. "
    "quaybot apply --plan shows what would change without it."
)
NO_LOOK = "SECRET_KEYS is not set, so nobody looked whether the owners have accounts and the rights."
_SOON = "A running bot does in Quay what this takes, within a minute."


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A plan that can be carried out: with the account behind each owner, and remarks about what is not known."""

    plan: Plan
    owners: Mapping[str, Account] = field(repr=False)
    remarks: tuple[str, ...] = ()


async def plan_subscriptions(settings: Settings, file: Path, *, prune: bool = False, looking: bool = False) -> Foreseen:
    """What has to be done so that the subscriptions are those of the file.

    Raises UserError with everything that is wrong with the file, and for owners without an account or the rights: of an
    exact repository the owner has to be an admin, which is asked of Quay unless it is away. Accounts cannot be opened
    without SECRET_KEYS: for whoever only looks (`looking`) it goes without.
    """
    entries = _entries(file)
    async with opened(settings, reading=True) as store:
        found = plan(entries, await store.subscriptions.all(), prune=prune)
        if not settings.secret_keys and any(step.entry for step in found.changes):
            if looking:
                return Foreseen(found, {}, (NO_LOOK,))
            raise UserError(NO_KEYS)
        owners = await owners_of([step.entry for step in found.changes if step.entry], store.accounts)
    if not settings.quay_url:
        return Foreseen(found, owners, ("QUAY_URL is not set, so nobody's rights in Quay were looked at.",))
    registry = QuayRegistry(settings.quay_url)
    try:
        remarks = await check_rights(found, owners, registry)
    finally:
        await registry.aclose()
    return Foreseen(found, owners, remarks)


async def apply_subscriptions(settings: Settings, foreseen: Foreseen) -> list[str]:
    """Do what was foreseen; gives a line for each thing done.

    Raises UserError if a subscription has ended or changed meanwhile; what was done until then stays done.
    """
    async with opened(settings) as store:
        done = [await _carry_out(step, foreseen.owners, store) for step in foreseen.plan.changes]
    return [*done, _SOON] if done else ["Everything is as the file says."]


async def export_subscriptions(settings: Settings) -> str:
    """The text of a file of everything there is; applied, it changes nothing."""
    async with opened(settings, reading=True) as store:
        return export(await store.subscriptions.all())


def _entries(file: Path) -> tuple[Entry, ...]:
    try:
        text = file.read_text(encoding="utf-8-sig")  # (some editors put a mark in front)
    except UnicodeDecodeError:
        raise UserError(f"{file.name} is no UTF-8 text.") from None
    except OSError as error:
        raise UserError(f"{file.name} cannot be read: {error.strerror or error}") from None
    try:
        return read(text, file.name)
    except BadFile as error:
        raise UserError(f"{file.name} cannot be used:\n{error}") from None


async def _carry_out(step: Step, owners: Mapping[str, Account], store: Store) -> str:
    now, old, entry = datetime.now(UTC), step.subscription, step.entry
    if entry is None:
        assert old is not None  # noqa: S101 - a step is about something
        await _note("unsubscribe", await subscribing.end(await _unchanged(old, store), store.subscriptions, now), store)
        return f"{old.name} has ended: {old.wanted.target} in {old.channel}."
    owner = owners[entry.owner]
    if old is None:
        new = Subscription("", entry.channel, entry.wanted, owner.person, owner.username, now, source="file")
        made = await subscribing.add(new, store.subscriptions, now)
        await _note("subscribe", made, store)
        return f"{made.name} is new: {entry.wanted.target} in {entry.channel}."
    kept = await _unchanged(old, store)
    changed = replace(kept, wanted=entry.wanted, source="file")
    if kept.person != owner.person:  # somebody else looks after it now, whatever hindered the one before
        changed = replace(changed, person=owner.person, username=owner.username, state=State.ACTIVE, reason="")
    if not await store.subscriptions.change(kept, changed, now):
        raise _meanwhile(old)
    await _note("subscribe", changed, store)
    return f"{old.name} has changed: {entry.wanted.target} in {entry.channel}."


async def _note(name: str, one: Subscription, store: Store) -> None:
    """A line in the audit: no account was used for it, so it is the operator's."""
    owner = f"{one.person.team}/{one.person.user}"
    act = Act.of(name, one.wanted.target, {"name": one.name, "words": written(one.wanted), "owner": owner})
    book = AuditBook(store.audit, SystemClock())
    await book.note(new_reference(), OPERATOR, "", one.channel, act, Outcome.DONE, detail="applied from a file")


async def _unchanged(old: Subscription, store: Store) -> Subscription:
    """The subscription as it is now. Raises UserError if it is not what was shown any more."""
    now = await store.subscriptions.get(old.name)
    if now is None or now.state is State.ENDED or (now.wanted, now.person) != (old.wanted, old.person):
        raise _meanwhile(old)
    return now


def _meanwhile(old: Subscription) -> UserError:
    return UserError(f"{old.name} ({old.wanted.target} in {old.channel}) was changed meanwhile. Please look again.")

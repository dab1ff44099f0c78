"""Who looks after the subscriptions of a file: with a linked account, and with the rights that it takes."""

from collections.abc import Mapping, Sequence

from bot.domain.errors import Locked, TryLater, UserError
from bot.domain.people import Account, Person
from bot.ports import Accounts, Registry
from bot.rules.subscribing import is_pattern
from bot.rules.subscription_file import Entry
from bot.rules.subscription_plan import Do, Plan


async def owners_of(entries: Sequence[Entry], accounts: Accounts) -> Mapping[str, Account]:
    """The linked account of each owner. Raises UserError that names all owners who have none."""
    people, found, missing = await accounts.everybody(), dict[str, Account](), list[str]()
    for entry in entries:
        if entry.owner in found or entry.owner in missing:
            continue
        owners = [person for person in people if entry.is_owner(person)]
        if len(owners) > 1:
            named = " or ".join(f"{person.team}/{person.user}" for person in owners)
            raise UserError(f"The owner {entry.owner} is somebody in several workspaces. Write {named}.")
        account = await _account(owners[0], accounts) if owners else None
        if account is None:
            missing.append(entry.owner)
        else:
            found[entry.owner] = account
    if missing:
        raise UserError(
            f"No Quay account is linked to {', '.join(missing)}: subscriptions live in Quay through their owner's "
            "account. Each of them has to run /quay link in Slack, then try again; or name another owner."
        )
    return found


async def _account(person: Person, accounts: Accounts) -> Account | None:
    try:
        return await accounts.of(person)
    except Locked:
        raise UserError(
            f"The account of {person.user} cannot be opened with these SECRET_KEYS. Set SECRET_KEYS in .env to "
            "what the running bot has."
        ) from None


async def check_rights(found: Plan, owners: Mapping[str, Account], registry: Registry) -> tuple[str, ...]:
    """What could not be found out. Raises UserError that names every repository that its owner is no admin of."""
    refused, unknown = list[str](), list[str]()
    asked = {(step.entry.owner, step.entry.wanted.target): None for step in found.of(Do.ADD, Do.CHANGE) if step.entry}
    for owner, target in asked:
        if "/" not in target or is_pattern(target):
            continue
        try:
            admin = (await registry.as_token(owners[owner].token).sighting(target)).can_admin
        except TryLater:
            unknown.append(target)
            continue
        except UserError as error:
            refused.append(f"{target}, as {owners[owner].username} ({owner}): {error.say}")
            continue
        if not admin:
            refused.append(f"{target}: {owners[owner].username} ({owner}) is no admin there")
    if refused:
        raise UserError(
            "Only an admin of a repository can have its notifications. Give them that role in Quay, or name another "
            "owner:\n" + "\n".join(refused)
        )
    return (f"Quay does not answer, so the owners' rights are not known: {', '.join(unknown)}.",) if unknown else ()

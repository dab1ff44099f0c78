"""Which subscription somebody means, and whether they may touch it: for all that is done to one that is there."""

from bot.blocks.text import as_typed
from bot.domain.acts import Act
from bot.domain.errors import BotError, Forbidden, Unseen, UserError
from bot.domain.people import Person
from bot.domain.subscriptions import State, Subscription
from bot.rules.overlaps import counting
from bot.rules.policy import Effect
from bot.rules.robot_names import is_namespace
from bot.rules.subscribing import is_pattern, written
from bot.services.gate import Going
from bot.services.references import as_name
from bot.services.subscribing import NAME, THE_NAME, looks_after
from handlers.acting.doing import do
from handlers.acting.nearby import hinted
from handlers.command import ActKind, Desk, Reply
from handlers.grammar import reference
from handlers.subscription_people import near

THE_WORDS = "words"  # a parameter
NONE = "There is no subscription `{}` that you can look after. `/quay subscriptions` shows those of this channel."
_ELSEWHERE = "The policy asks for approval, so please ask in the channel of that subscription."
_STRANGER = (
    "This is for whoever looks after it (`{}`), and for those whose own Quay account is an admin of `{}`. Ask one of "
    "them."
)


def target_of(word: str, quay_url: str) -> str:
    """The repository, pattern or namespace that a word means. Raises UserError; for a channel, too.

    What was copied out of a message of ours means what it looks like.
    """
    word = as_typed(word)
    if word.startswith(("<#", "#")):
        raise UserError(
            "A subscription is always for the channel where you ask. Please ask in that channel: I do not write into "
            "one from another."
        )
    if is_pattern(word) or is_namespace(word):
        return word
    found = reference(word, quay_url)
    if found.tag:
        raise UserError(
            f"A subscription is about a whole repository. To be told about one tag: "
            f"`/quay subscribe {found.repository} tag:{found.tag}`"
        )
    return found.repository


async def meant(word: str, person: Person, channel: str, desk: Desk, *, again: str = "") -> Subscription:
    """The one of that name, wherever it is; else the one of the channel with exactly that target.

    Raises UserError for none. One that only covers it is named, and how to name that: `again` is how the command is
    typed, with {} for the target.
    """
    name = as_name(word)
    if NAME.fullmatch(name):
        found = await desk.subscriptions.get(name)
        if found is not None and found.state is not State.ENDED and await near(found, person, desk):
            return found
        if word == name:
            raise UserError(NONE.format(name))
    target = target_of(word, desk.quay_url)
    here = await desk.subscriptions.all(channel=channel or person.user)
    exactly = next((one for one in here if one.wanted.target == target), None)
    if exactly is not None:
        return exactly
    await _is_there(target, person, channel, desk)
    cover = counting(target, here) if "/" in target and not is_pattern(target) else None
    if cover is None:
        raise UserError(f"There is no subscription for `{target[:200]}` here. `/quay subscriptions` shows what is.")
    typed = f"/quay {again.format(cover.wanted.target)}"
    means = f" If you mean that one, with all that it covers: `{typed}`." if again else ""
    raise UserError(
        f"There is no subscription for `{target[:200]}` here; `{cover.wanted.target}` (`{cover.name}`) covers it."
        f"{means} Nothing was done."
    )


async def _is_there(target: str, person: Person, channel: str, desk: Desk) -> None:
    """Raises Unseen for a repository that is not there, or that they do not see; what else is the matter is ignored."""
    if "/" not in target or is_pattern(target):
        return
    try:
        account = await desk.accounts.of(person)
        quay = desk.registry.as_token(account.token)
        decision = await desk.gate.decide(Act("repo", target), person, account.username, quay, channel)
        if decision.effect is Effect.ALLOW:
            await quay.repositories.get(target)
    except Unseen as error:
        await hinted(error, person, channel, desk)
        raise
    except BotError:  # it only would have been said better
        return


async def do_to(kind: ActKind, act: Act, one: Subscription, person: Person, channel: str, desk: Desk) -> Reply | None:
    """Do it, in the channel of the subscription: there it is announced, and there the policy has to allow it.

    Asked for elsewhere, the policy has to allow it there as well; and nobody learns of a subscription of another
    channel who may not touch it.
    """
    if one.channel not in (channel, person.user):
        account = await desk.accounts.of(person)
        quay = desk.registry.as_token(account.token)
        if not await looks_after(one, person, quay, desk.subscriptions):
            raise UserError(NONE.format(one.name))
        decision = await desk.gate.decide(act, person, account.username, quay, channel)
        if decision.effect is not Effect.ALLOW:
            raise UserError(_ELSEWHERE)
    return await do(kind, act, person, one.channel, desk)


async def still(going: Going, desk: Desk) -> Subscription:
    """The subscription that the act names, for somebody who may touch it. Raises UserError.

    It has to be in the channel that the act is for; where the act says which words it had, they have to be the same.
    """
    act = going.act
    name, words = act.parameters.get(THE_NAME, ""), act.parameters.get(THE_WORDS, "")
    found = await desk.subscriptions.get(name)
    here = going.channel or going.person.user
    theirs = found is not None and found.state is not State.ENDED and await near(found, going.person, desk)
    if found is None or not theirs or (found.channel, found.wanted.target) != (here, act.target):
        raise UserError(f"There is no subscription `{name}` to `{act.target}` here any more.")
    if words and written(found.wanted) != words:
        raise UserError(f"The subscription `{name}` has changed since. So I left it as it is.")
    if not await looks_after(found, going.person, going.quay, desk.subscriptions):
        raise Forbidden(_STRANGER.format(found.username, act.target))
    return found

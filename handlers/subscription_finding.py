"""Which subscription somebody means, and whether they may touch it: for all that is done to one that is there."""

from bot.blocks.layout import section
from bot.blocks.text import code
from bot.domain.acts import Act
from bot.domain.errors import Forbidden, UserError
from bot.domain.people import Person
from bot.domain.subscriptions import State, Subscription
from bot.rules.policy import Effect
from bot.rules.robot_names import is_namespace
from bot.rules.subscribing import covers, is_pattern, written
from bot.services.gate import Going
from bot.services.references import as_name
from bot.services.subscribing import NAME, looks_after
from handlers.acting.doing import do
from handlers.command import ActKind, Desk, Reply
from handlers.grammar import reference
from handlers.words import whisper

THE_NAME = "name"  # parameters
THE_WORDS = "words"
NONE = "There is no subscription {} that you can look after. `/quay subscriptions` shows those of this channel."
_ELSEWHERE = "The policy asks for approval, so please ask in the channel of that subscription."
_STRANGER = (
    "This is for whoever looks after it ({}), and for those whose own Quay account is an admin of {}. Ask one of them."
)


def target_of(word: str, quay_url: str) -> str:
    """The repository, pattern or namespace that a word means. Raises UserError; for a channel, too."""
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


async def meant(word: str, person: Person, channel: str, desk: Desk) -> tuple[Subscription, ...]:
    """The one of that name, wherever it is; else those of the channel about that repository. Raises UserError for none.

    Those with exactly that target come before patterns that cover it.
    """
    name = as_name(word)
    if NAME.fullmatch(name):
        found = await desk.subscriptions.get(name)
        if found is not None and found.state is not State.ENDED and found.person.team == person.team:
            return (found,)
        if word == name:
            raise UserError(NONE.format(name))
    target = target_of(word, desk.quay_url)
    here = await desk.subscriptions.all(channel=channel or person.user)
    exactly = tuple(one for one in here if one.wanted.target == target)
    if found_here := exactly or tuple(one for one in here if covers(one.wanted.target, target)):
        return found_here
    raise UserError(f"This channel has no subscription to {target[:200]}. `/quay subscriptions` shows what it has.")


def which(found: tuple[Subscription, ...], command: str) -> Reply:
    """The question, where several may be meant. `command` is what is typed before the name."""
    rows = [
        f"{code(f'/quay {command} {one.name}')}  {code(one.wanted.target, 260)}: {code(written(one.wanted), 400)}"
        for one in found[:20]
    ]
    return whisper("Which one? Several subscriptions of this channel are about that.", section("\n".join(rows)))


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
    theirs = found is not None and found.state is not State.ENDED and found.person.team == going.person.team
    if found is None or not theirs or (found.channel, found.wanted.target) != (here, act.target):
        raise UserError(f"There is no subscription {name} to {act.target} here any more.")
    if words and written(found.wanted) != words:
        raise UserError(f"The subscription {name} has changed since. So I left it as it is.")
    if not await looks_after(found, going.person, going.quay, desk.subscriptions):
        raise Forbidden(_STRANGER.format(found.username, act.target))
    return found

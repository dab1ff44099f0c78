"""Doing something in Quay for a person: through the gate, after a look at what would happen, and when others agree."""

from bot.blocks.approval_words import hangs_in, who_words
from bot.blocks.text import code, count, when
from bot.domain.acts import Act, Request
from bot.domain.errors import Lacking, Unseen
from bot.domain.people import Person
from bot.rules.policy import Effect
from bot.services.gate import Going
from handlers.acting.nearby import hinted
from handlers.acting.proposing import propose
from handlers.command import ActKind, Desk, Reply
from handlers.words import small, whisper


async def do(kind: ActKind, act: Act, person: Person, channel: str, desk: Desk) -> Reply | None:
    """Do it with the person's own account, or ask those whom the policy names. Raises what the gate raises.

    Where the kind has a preview, that is what comes back first, with a button (handlers/actions/confirm).
    """
    try:
        async with desk.gate.entering(act, person, channel, quay_log=kind.quay_log, resolve=kind.resolve) as going:
            if kind.preview is not None:
                return await propose(kind, kind.preview, going, desk)
            return await begin(kind, going, desk)
    except (Unseen, Lacking) as error:
        await hinted(error, person, channel, desk)
        raise


async def begin(kind: ActKind, going: Going, desk: Desk, pin: str | None = None) -> Reply | None:
    """What follows when nobody has to be asked whether they mean it. `pin` is the state that they were shown, if any:
    what others agree to is bound to that.
    """
    if going.decision.effect is Effect.APPROVE:
        return asked(await ask(kind, going, desk, pin))
    return await kind.run(going.act, going, desk)


async def ask(kind: ActKind, going: Going, desk: Desk, pin: str | None = None) -> Request:
    """A request for what others have to agree to, bound to the state `pin`, or else to the state of things now."""
    if pin is None:
        pin = await kind.pin(going.act, going.quay)
    return await desk.approving.ask(going, pin, kind)


def asked(request: Request) -> Reply:
    """What whoever asked is told."""
    return whisper(
        f"This takes {count(request.needed, 'approval')}. I have asked for it: request {code(request.name)}."
        " It runs by itself, with your account, as soon as it is approved.",
        who_words("Who can approve: ", request.approvers),
        *hangs_in(request.place),
        small(
            f"It waits until {when(request.expires_at)}. {code(f'/quay deny {request.name}')} takes it back. "
            f"Reference {request.reference}."
        ),
    )

"""Reading the audit for somebody: who may see whose lines, and what Quay's own log says to it.

Everybody sees their own lines. Others' are seen by admins of the repository (as Quay says now) and by the policy's
auditors, and whoever looks at them is written down, before they see anything.
"""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from bot.blocks.audit import MOST, PAGE, Telling, folded, in_quays_log, log_not_read, looked, message, not_in_quays_log
from bot.blocks.text import code
from bot.domain.acts import Deed, Outcome
from bot.domain.errors import BotError, NotLinked, UserError
from bot.domain.people import Account, Person
from bot.ports import Line, Quay
from bot.rules.log_match import NEAR, matching
from bot.services.references import new_reference
from handlers.acts.names import LOOKS
from handlers.command import Desk, Reply
from handlers.grammar.audit_question import Question

_OWN = "These are your own lines. Those of others are for admins of the repository in Quay, and for auditors."
_CUT = "These are the newest lines of it. `quaybot audit list --reference {}` shows all of them to operators."
_NOT_YOURS = "Only auditors see what others have done. The operator names them in the policy file."
_READ = 200  # lines among which looks are counted
_HAPPENED = frozenset({Outcome.DONE, Outcome.FAILED, Outcome.TRIED})  # Quay may have an entry for it


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody with an account who wants to see what others did."""

    person: Person
    channel: str
    account: Account = field(repr=False)
    quay: Quay = field(repr=False)


async def told(question: Question, person: Person, channel: str, desk: Desk) -> Reply:
    """The answer. Raises UserError for what the person may not see, NotLinked when only their account could tell."""
    if question.reference:
        telling = await _reference(question, person, channel, desk)
    elif question.target:
        telling = await _target(question, person, channel, desk)
    else:
        telling = await _person(question, person, channel, desk)
    return Reply(message(telling))


async def _person(question: Question, person: Person, channel: str, desk: Desk) -> Telling:
    if question.user in ("", person.user):
        return await _list(question, desk, "what you have done", "What you have done:", person=person)
    viewer = await _viewer(person, channel, desk)
    if not await desk.policies.is_auditor(person, viewer.account.username, viewer.quay):
        await _note(question, viewer, Outcome.REFUSED, desk)
        raise UserError(_NOT_YOURS)
    await _note(question, viewer, Outcome.DONE, desk)
    other = replace(person, user=question.user)
    return await _list(question, desk, "what this person has done", "What this person has done:", person=other)


async def _target(question: Question, person: Person, channel: str, desk: Desk) -> Telling:
    viewer = await _viewer(person, channel, desk)
    about, plainly = f"what was done in {code(question.target, 200)}", f"What was done in {question.target}:"
    hint = [] if "/" in question.target else [f"Did you mean {code(f'@{question.target}', 80)}?"]
    if await _may_see(question.act.repository, viewer, desk):
        await _note(question, viewer, Outcome.DONE, desk)
        return await _list(question, desk, about, plainly, *hint, target=question.target)
    await _note(question, viewer, Outcome.REFUSED, desk)
    return await _list(question, desk, about, plainly, _OWN, *hint, person=person, target=question.target)


async def _reference(question: Question, person: Person, channel: str, desk: Desk) -> Telling:
    """All lines, the oldest first: for whoever asked for it, and for those who may see its target."""
    lines = (await desk.audit.newest(reference=question.reference, limit=MOST))[::-1]
    notes: list[str] = []
    begun = await _begun(question.reference, desk)
    if begun is None or begun.person != person:
        viewer = await _viewer(person, channel, desk)
        allowed = await _may_see(begun.act.repository if begun else "", viewer, desk)
        await _note(question, viewer, Outcome.DONE if lines and allowed else Outcome.REFUSED, desk)
        if not allowed:
            lines, notes = tuple(line for line in lines if line.deed.person == person), [_OWN]
        if not lines:
            raise UserError(f"I find nothing under {question.reference} that you may see.")
    notes += [_CUT.format(question.reference)] if len(lines) == MOST else []
    notes += await _quays_log([line.deed for line in lines], person, desk)
    about = f"everything about {code(question.reference)}"
    deeds = folded([line.deed for line in lines])
    return Telling(about, f"Everything about {question.reference}:", deeds, notes, whole=True)


async def _begun(reference: str, desk: Desk) -> Deed | None:
    """The first line of it, which is that of whoever asked: others may have added as many as they like.

    The first line with an approval's name may be a vote; that of its reference was there before the request.
    """
    line = await desk.audit.first(reference)
    line = line and await desk.audit.first(line.deed.reference)
    return line.deed if line else None


async def _viewer(person: Person, channel: str, desk: Desk) -> Viewer:
    account = await desk.accounts.of(person)
    return Viewer(person, channel, account, desk.registry.as_token(account.token))


async def _may_see(repository: str, viewer: Viewer, desk: Desk) -> bool:
    """Admins of the repository, with the token that they use here; and auditors."""
    if repository and await _is_admin(repository, viewer.quay):
        return True
    return await desk.policies.is_auditor(viewer.person, viewer.account.username, viewer.quay)


async def _is_admin(repository: str, quay: Quay) -> bool:
    try:
        return (await quay.sighting(repository)).can_admin
    except NotLinked:
        raise
    except UserError:  # Quay does not show them the repository
        return False


async def _note(question: Question, viewer: Viewer, outcome: Outcome, desk: Desk) -> None:
    """Write down that somebody looks at what others did, or wanted to. Whoever cannot be written down sees nothing."""
    username = viewer.account.username
    await desk.gate.audit.note(new_reference(), viewer.person, username, viewer.channel, question.act, outcome)


async def _list(
    question: Question,
    desk: Desk,
    about: str,
    plainly: str,
    *notes: str,
    person: Person | None = None,
    target: str = "",
) -> Telling:
    """A page of lines, and how many are left out of it because they only looked."""
    which = partial(desk.audit.newest, person=person, target=target, listing=True)
    but = () if question.every else LOOKS
    lines = await which(before=question.before, limit=PAGE + 1, but=but)  # one more, if there are older ones
    more = await _left_out(which(before=question.before, limit=_READ), lines) if but else ()
    return _telling(question, lines, about, plainly, *notes, *more)


async def _left_out(every: Awaitable[Sequence[Line]], shown: Sequence[Line]) -> tuple[str, ...]:
    """A note: how many of those on this page only looked, as far as that much is read."""
    oldest = shown[PAGE].number if len(shown) > PAGE else 0
    found = [line for line in await every if line.number > oldest]
    looks = sum(line.deed.act.name in LOOKS for line in found)
    return (looked(looks, least=len(found) == _READ),) if looks else ()


def _telling(question: Question, lines: Sequence[Line], about: str, plainly: str, *notes: str) -> Telling:
    older = replace(question, before=lines[PAGE - 1].number).pack() if len(lines) > PAGE else ""
    return Telling(about, plainly, [line.deed for line in lines[:PAGE]], notes, older)


async def _quays_log(deeds: Sequence[Deed], person: Person, desk: Desk) -> list[str]:
    """What Quay's usage log says, if there should be something in it and the person may read it."""
    deed = next((deed for deed in reversed(deeds) if deed.quay_log and deed.outcome in _HAPPENED), None)
    if deed is None or not deed.act.log:
        return []
    try:
        quay = (await _viewer(person, "", desk)).quay
        found = matching(deed, await quay.log(deed.act.log, deed.at - NEAR, deed.at + NEAR))
    except UserError:  # no account, or no admin: what Quay's log says is not for them
        return []
    except BotError as error:
        return [log_not_read(error.say)]
    if found is None:
        return [not_in_quays_log(deed.quay_log)]
    return [in_quays_log(found.kind, found.at, found.performer or found.about.get("manual_user", ""))]

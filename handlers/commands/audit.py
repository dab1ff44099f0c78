"""`/quay audit`: who did what through me, and what came of it."""

from bot.blocks.text import code
from handlers.auditing import told
from handlers.command import Ask, Command, Desk, Reply
from handlers.grammar.audit_question import read


async def run(ask: Ask, desk: Desk) -> Reply:
    """Read the question, then the audit, as far as the asker may see it."""
    return await told(read(ask.words, desk.quay_url), ask.person, ask.channel, desk)


COMMAND = Command(
    word="audit",
    usage=("audit [--all]", "audit acme/web[:TAG]", "audit @PERSON", "audit REFERENCE | APPROVAL"),
    summary="Show who did what through me, and what came of it",
    section="Your account",
    details=(
        "Without more words: what you have done or tried. Lines of others about a repository are shown to its admins "
        "in Quay; those about a person, to auditors, whom the operator names. That somebody looked at others' lines is "
        f"written down as well. What only looked is counted, and shown with {code('--all')}. "
        f"{code('/quay audit KDWF-4071')} shows everything about one reference, and whether Quay's own log has it."
    ),
    run=run,
)

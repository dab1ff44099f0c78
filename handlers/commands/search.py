"""`/quay search`: find repositories."""

from handlers.acting.doing import do
from handlers.acts import search
from handlers.command import Ask, Command, Desk, Field, Form, Reply
from handlers.grammar import UsageError


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Show what fits to whoever asked."""
    text = " ".join(ask.words).strip()
    if not text:
        raise UsageError("Search for what? A part of a name is enough.")
    if len(text) > search.LONGEST:
        raise UsageError(f"That is too long to search for: at most {search.LONGEST} characters.")
    return await do(search.KIND, search.wanted(text), ask.person, ask.channel, desk)


COMMAND = Command(
    word="search",
    usage=("search WORDS",),
    summary="Find repositories by a part of their name",
    section="Repositories",
    details="Shows what your own account may see, the best first, ten at a time. Quay shows a hundred at most.",
    run=run,
    form=Form("Find repositories", (Field("words", "Words", placeholder="web"),), submit="Search"),
)

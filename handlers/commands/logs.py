"""`/quay logs`: Quay's own usage log of a repository or a namespace."""

from handlers.acting.doing import do
from handlers.acts import logs
from handlers.clocks import zone_of
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.grammar.logs_question import read


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Show the newest entries of that time to whoever asked."""
    now = desk.clock.now()
    question = read(ask.words, desk.quay_url, now, await zone_of(ask.person, desk))
    act = logs.wanted(question.target, question.since, now, kind=question.kind, by=question.by)
    return await do(logs.KIND, act, ask.person, ask.channel, desk)


COMMAND = Command(
    word="logs",
    usage=("logs acme/web [--since 2h] [--kind delete_tag] [--by alice]", "logs acme [--since yesterday]"),
    summary="Show who did what in a repository or a namespace",
    section="Repositories",
    details=(
        "Quay's own usage log in plain words, the newest first, of the last 24 hours unless you say since when. A "
        "repository takes its role admin; an organization its admins and a token with the scope `org:admin`; your own "
        "namespace the scope `user:admin`. `Download CSV` brings all of that time as a file."
    ),
    run=run,
    form=Form(
        "Show the usage log",
        (
            Field("repository", "Repository or organization", Seek.REPOSITORY),
            Field("since", "Since", option="since", optional=True, placeholder="2h ago", hint="Else: 24 hours."),
            Field("by", "By the account", option="by", optional=True, placeholder="alice or acme+ci"),
            Field("kind", "Kind", option="kind", optional=True, placeholder="delete_tag"),
        ),
        submit="Show",
    ),
)

"""`/quay trigger start`: a build through a trigger."""

from handlers.acting.doing import do
from handlers.acts import build
from handlers.build_wish import read
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.grammar import Option, Spec, UsageError

_SPEC = Spec(
    (
        Option("branch", "BRANCH", "branch to build (triggers of GitHub, GitLab, Bitbucket)"),
        Option("commit", "SHA", "commit to build (custom git triggers)"),
    )
)


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """The same as `/quay build` with these options: which trigger it is, is found out in Quay."""
    parsed = _SPEC.parse(ask.words)
    if not 1 <= len(parsed.words) <= 2:
        raise UsageError("Name the repository, and the trigger if there are several.")
    if not parsed.values:
        raise UsageError("What should be built? Add --branch NAME, or --commit SHA for a custom git trigger.")
    options = [word for name in ("branch", "commit") for value in parsed.many(name) for word in (f"--{name}", value)]
    trigger = ["--trigger", parsed.words[1]] if len(parsed.words) > 1 else []
    wish = read([parsed.words[0], *trigger, *options], desk.quay_url)
    return await do(build.KIND, build.wanted(wish), ask.person, ask.channel, desk)


COMMAND = Command(
    word="trigger start",
    usage=("trigger start acme/web [TRIGGER] --branch main", "trigger start acme/web [TRIGGER] --commit 1a2b3c4"),
    summary="Start a build through a build trigger",
    section="Builds",
    details=(
        "Custom git triggers build a commit, those of GitHub, GitLab and Bitbucket a branch. A trigger is named by the "
        "beginning of its id, its service or its source; where there is only one, it is meant. The build gets its card "
        "in this channel. Takes the role admin."
    ),
    run=run,
    form=Form(
        "Start a build trigger",
        (
            Field("repository", "Repository", Seek.REPOSITORY),
            Field("trigger", "Build trigger", Seek.TRIGGER),
            Field("branch", "Branch", option="branch", optional=True, hint="For GitHub, GitLab and Bitbucket."),
            Field("commit", "Commit", option="commit", optional=True, hint="For custom git: 7 hex digits or more."),
        ),
        submit="Start",
    ),
)

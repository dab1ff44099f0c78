"""`/quay vulns`: what the scanner found in an image."""

from bot.blocks.text import code
from bot.rules.digests import whole
from handlers.acting.doing import do
from handlers.acts.vulns import KIND, wanted
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.grammar import UsageError, reference
from handlers.tag_words import tag_first


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Read it with the asker's own account."""
    name, at, digest = (ask.words or ("",))[0].partition("@")
    if len(ask.words) > (1 if at else 2):
        raise UsageError("Name one image: a tag of a repository, or a digest.")
    if not at:
        about, _ = tag_first(ask.words, desk.quay_url)
        return await do(KIND, wanted(about.repository, about.tag), ask.person, ask.channel, desk)
    if not (sha := whole(digest)):
        raise UsageError("A digest is sha256: and 64 hexadecimal digits.")
    repository = reference(name, desk.quay_url).repository
    return await do(KIND, wanted(repository, digest=sha), ask.person, ask.channel, desk)


COMMAND = Command(
    word="vulns",
    usage=("vulns acme/web:latest", "vulns acme/web@sha256:…"),
    summary="Show the vulnerabilities of an image",
    section="Repositories",
    details=(
        "Counts what the scanner found, by severity, and lists it: the most severe first, of those the ones that can "
        "be fixed, with the version to update to. A button sends all of it as a CSV file. It takes the read role. An "
        f"image for several platforms is scanned platform by platform. {code('/quay tag diff')} shows what changed."
    ),
    run=run,
    form=Form(
        "Vulnerabilities",
        (Field("repository", "Repository", Seek.REPOSITORY), Field("tag", "Tag", Seek.TAG)),
        submit="Show",
    ),
)

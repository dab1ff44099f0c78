"""The act "vulns": what the scanner found in an image."""

import asyncio
from dataclasses import replace

from bot.blocks.csv_file import Sheet
from bot.blocks.tag_marks import image
from bot.blocks.text import code, count
from bot.blocks.vulns import Scanned, body, headline, row, why_not
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.ports import Quay
from bot.rules.tag_diff import ranked
from bot.services.gate import Going
from handlers.acts.tag_labels import DIGEST, digest_of
from handlers.command import ActKind, Desk, Reply
from handlers.words import whisper

NAME = "vulns"
_START, _AS = "from", "as"


def wanted(repository: str, tag: str = "", digest: str = "", start: int = 0, *, file: bool = False) -> Act:
    """The findings of that tag's image, or of that digest; from number `start` on, or all of them as a file."""
    named = {DIGEST: digest, _START: str(start) if start else "", _AS: "file" if file else ""}
    return Act.of(NAME, f"{repository}:{tag}" if tag else repository, named)


async def resolve(act: Act, quay: Quay) -> Act:
    """Which image."""
    if DIGEST in act.parameters:
        return act
    return replace(act, parameters={**act.parameters, DIGEST: await digest_of(act, quay)})


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """A page of them, or the file."""
    given, digest = act.parameters, act.parameters[DIGEST]
    scan, manifest = await asyncio.gather(
        going.quay.tags.scan(act.repository, digest), going.quay.tags.manifest(act.repository, digest)
    )
    told = Scanned(
        act.repository,
        act.tag,
        digest,
        scan,
        ranked(scan.findings),
        manifest.platforms if manifest else (),
        int(given.get(_START, "0")),
    )
    if told.start >= len(told.findings):
        told = replace(told, start=0)
    going.result.detail = f"Read: {count(len(told.findings), 'finding')} of {digest}."
    if _AS in given:
        return await _file(told, going, desk)
    return whisper(headline(told, desk.quay_url), *body(told))


async def _file(told: Scanned, going: Going, desk: Desk) -> Reply:
    if not told.findings:
        raise UserError(why_not(told.scan.status) or "There is nothing to write into a file.")
    sheet = Sheet()
    sheet.add(row(one) for one in told.findings)
    name = told.repository.replace("/", "-")
    name = f"vulnerabilities-{name}-{told.digest.removeprefix('sha256:')[:12]}.csv"
    what = f"The vulnerabilities of {told.repository} at {told.digest}: {count(sheet.rows, 'row')}."
    await desk.voice.upload(going.person.user, name, sheet.data(), what)
    return whisper(f"The file is in your direct messages with me: {count(sheet.rows, 'row')}.")


def says(act: Act) -> str:
    """Of which image."""
    digest = act.parameters.get(DIGEST, "")
    of = f" ({image(digest)})" if digest else ""
    form = " as a file" if _AS in act.parameters else ""
    return f"Show the vulnerabilities of {code(act.target, 400)}{of}{form}. Only whoever asked will see them."


KIND = ActKind(name=NAME, run=run, says=says, resolve=resolve, looks=True)

"""What the scanner says about an image: numbers, then a line for each finding, those that can be fixed first. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.blocks.finding_words import MARKS
from bot.blocks.layout import actions, button, context, section
from bot.blocks.paging import next_page, pack, previous_page, turns
from bot.blocks.paragraphs import paragraphs
from bot.blocks.parts import facts, linked
from bot.blocks.tag_marks import image
from bot.blocks.text import code, count, link, plain
from bot.domain.events import Severity
from bot.domain.images import Platform, Scan, Vulnerability
from bot.domain.messages import Block

PAGE = 15  # findings on a page
NEXT, PREVIOUS, CSV, PLATFORM = "vulns_next", "vulns_previous", "vulns_csv", "vulns_platform"
_PLATFORMS = 10  # that are listed
_WHY: Mapping[str, str] = {
    "queued": "The scanner has not looked at this image yet. Please ask again in a few minutes.",
    "unsupported": "The scanner cannot look into this kind of image, so Quay knows nothing about its vulnerabilities.",
    "failed": "The scanner tried and failed. Quay tries again by itself from time to time.",
    "manifest_layer_too_large": "A layer of this image is too large for the scanner, so it was not scanned.",
    "": "Quay has nothing from a scanner about this image: it runs none, or the image is gone.",
}


@dataclass(frozen=True, slots=True)
class Scanned:
    """What is shown. `findings` are in their order; `platforms` are those of an index. `start` counts from 0."""

    repository: str
    tag: str  # "" where only a digest was asked for
    digest: str
    scan: Scan
    findings: Sequence[Vulnerability] = ()
    platforms: Sequence[Platform] = ()
    start: int = 0

    def value(self, start: int, digest: str = "") -> str:
        """What a button says that shows this image (or another one) from that finding on."""
        return pack(self.repository, self.tag, digest or self.digest, at=start)


def why_not(status: str) -> str:
    """Why there are no findings, in a sentence; "" for an image that was scanned."""
    if status == "scanned":
        return ""
    return _WHY.get(status) or f"Quay calls the state of its scan {code(status, 40)}, which I do not know."


def counted(findings: Iterable[Vulnerability]) -> str:
    """Say "1 Critical, 3 High", the most severe first; empty for none."""
    numbers = Counter(severity(one) for one in findings)
    return ", ".join(f"{numbers[one]:,} {one.value}" for one in Severity if numbers[one])


def severity(finding: Vulnerability) -> Severity:
    """Its severity as one of ours."""
    return next((one for one in Severity if one.value == finding.severity), Severity.UNKNOWN)


def headline(told: Scanned, quay_url: str) -> str:
    """How many there are, how severe, and how many can be fixed; or why nobody knows."""
    subject = f"{linked(quay_url, told.repository, (told.tag or told.digest,))}"
    what = f"*{subject}* {image(told.digest)}" if told.tag else f"*{subject}*"
    if told.platforms:
        return f"🛡️ {what} is an index of images for several platforms. Each of them is scanned by itself."
    if (why := why_not(told.scan.status)) != "":
        return f"🛡️ {what}\n{why}"
    if not told.findings:
        return f"🛡️ {what}\n✅ The scanner found no vulnerabilities."
    fixable = sum(bool(one.fixed_by) for one in told.findings)
    much = count(len(told.findings), "vulnerability")
    return f"🛡️ {what}\n*{much}*: {counted(told.findings)}. {_mendable(fixable, len(told.findings))}"


def _mendable(fixable: int, total: int) -> str:
    if fixable == total:
        return "A fix is there for all of them." if total > 1 else "There is a fix for it."
    return f"A fix is there for {fixable:,} of them." if fixable else "No fix is known yet."


def body(told: Scanned) -> tuple[Block, ...]:
    """The page of findings with its buttons; of an index its platforms."""
    if told.platforms:
        return _index(told)
    shown = told.findings[told.start : told.start + PAGE]
    end = told.start + len(shown)
    where = f"{told.start + 1:,} to {end:,} of {len(told.findings):,}, the most severe first, those with a fix above"
    buttons = turns(
        previous_page(PREVIOUS, told.value(max(0, told.start - PAGE)) if told.start else ""),
        next_page(NEXT, told.value(end) if end < len(told.findings) else ""),
        button(CSV, "Download CSV", value=told.value(0)) if told.findings else None,
    )
    return (
        *(section(words) for words in paragraphs(lines(shown))),
        *((context(f"{where} those without."),) if len(told.findings) > 1 else ()),
        *buttons,
    )


def lines(findings: Iterable[Vulnerability]) -> Iterator[str]:
    """One line for each: how severe, which, in what, and what to update to."""
    for one in findings:
        where = f"in {code(one.package, 60)} {plain(one.version, 40)}".rstrip() if one.package else ""
        fix = f"fixed in {code(one.fixed_by, 60)}" if one.fixed_by else "no fix yet"
        yield facts(f"{MARKS[severity(one)].emoji} {severity(one).value} *{_named(one)}* {where}".rstrip(), fix)


def row(finding: Vulnerability) -> Mapping[str, str]:
    """The same for a file."""
    return {
        "severity": finding.severity,
        "vulnerability": finding.name,
        "package": finding.package,
        "version": finding.version,
        "fixed_in": finding.fixed_by,
        "link": finding.link,
        "description": finding.description,
    }


def _named(finding: Vulnerability) -> str:
    """Its name, leading to its page if that is a plain http(s) address."""
    return link(finding.link, finding.name or "a vulnerability", 80)


def _index(told: Scanned) -> tuple[Block, ...]:
    shown = told.platforms[:_PLATFORMS]
    more = len(told.platforms) - len(shown)
    rows = [f"• {plain(one.name, 60)}: {image(one.digest)}" for one in shown]
    rows += [f"and {more:,} more"] if more else []
    first = told.platforms[0]
    label = f"Show {first.name}"[:60]
    ask = f"{told.repository}@{first.digest}"
    return (
        *(section(words) for words in paragraphs(rows)),
        context(f"Ask for one of them: {code(f'/quay vulns {ask}', 400)}"),
        actions(button(PLATFORM, label, value=told.value(0, first.digest))),
    )

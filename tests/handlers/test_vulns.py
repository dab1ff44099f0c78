"""`/quay vulns`: what the scanner found."""

# ruff: noqa: E501 - what people read stands on one line

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.blocks.paging import pack
from bot.blocks.validator import neutral_problems, problems
from bot.blocks.vulns import PAGE, Scanned, body, counted, headline
from bot.domain.images import Scan, Vulnerability
from handlers.words import whisper
from tests.handlers.conftest import Office
from tests.handlers.tag_words import A, B, C, finding, index, scanned, stock


async def test_findings_are_counted_and_the_worst_that_can_be_fixed_come_first(office: Office) -> None:
    stock(office)
    office.quay.shelf.scans[B] = scanned(
        finding("CVE-1", "Low", "2"),
        finding("CVE-2", "Critical"),
        finding("CVE-3", "Critical", "1.1"),
        Vulnerability("CVE-4", "Odd", "", link="javascript:alert(1)"),
    )
    assert office.reads(await office.says("vulns acme/web:latest")) == snapshot(
        [
            """\
🛡️ *<https://quay.example/repository/acme/web?tab=tags&amp;tag=latest|acme/web:latest>* `sha256:bbbbbbbbbbbb`
*4 vulnerabilities*: 2 Critical, 1 Low, 1 Unknown. A fix is there for 2 of them.\
""",
            """\
🔴 Critical *<https://security.example/CVE-3|CVE-3>* in `openssl` 1.0 · fixed in `1.1`
🔴 Critical *<https://security.example/CVE-2|CVE-2>* in `openssl` 1.0 · no fix yet
🔵 Low *<https://security.example/CVE-1|CVE-1>* in `openssl` 1.0 · fixed in `2`
⚪ Unknown *CVE-4* · no fix yet\
""",
            "1 to 4 of 4, the most severe first, those with a fix above those without.",
            "[Download CSV]",
        ]
    )


@pytest.mark.parametrize(
    "status", ["queued", "unsupported", "failed", "manifest_layer_too_large", "", "of another version"]
)
async def test_each_reason_for_knowing_nothing_has_its_own_sentence(office: Office, status: str) -> None:
    stock(office)
    office.quay.shelf.scans[B] = Scan(status)
    assert (
        office.reads(await office.says("vulns acme/web:latest"))[0].partition("\n")[2]
        == {
            "queued": snapshot("The scanner has not looked at this image yet. Please ask again in a few minutes."),
            "unsupported": snapshot(
                "The scanner cannot look into this kind of image, so Quay knows nothing about its vulnerabilities."
            ),
            "failed": snapshot("The scanner tried and failed. Quay tries again by itself from time to time."),
            "manifest_layer_too_large": snapshot(
                "A layer of this image is too large for the scanner, so it was not scanned."
            ),
            "": snapshot("Quay has nothing from a scanner about this image: it runs none, or the image is gone."),
            "of another version": snapshot(
                "Quay calls the state of its scan `of another version`, which I do not know."
            ),
        }[status]
    )


async def test_a_clean_image_is_said_to_be_clean(office: Office) -> None:
    stock(office)
    office.quay.shelf.scans[B] = scanned()
    assert "found no vulnerabilities" in office.reads(await office.says("vulns acme/web:latest"))[0]


async def test_an_index_offers_its_platforms(office: Office) -> None:
    stock(office)
    office.quay.shelf.manifests[B] = index(B, amd64=A, arm64=C)
    reply = await office.says("vulns acme/web:latest")
    assert office.reads(reply) == snapshot(
        [
            "🛡️ *<https://quay.example/repository/acme/web?tab=tags&amp;tag=latest|acme/web:latest>* `sha256:bbbbbbbbbbbb` is an index of images for several platforms. Each of them is scanned by itself.",
            """\
• linux/amd64: `sha256:aaaaaaaaaaaa`
• linux/arm64: `sha256:cccccccccccc`\
""",
            "Ask for one of them: `/quay vulns acme/web@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa`",
            "[Show linux/amd64]",
        ]
    )
    assert reply is not None
    press = reply.message.blocks[-1]["elements"][0]
    assert "`sha256:aaaaaaaaaaaa`" in office.reads(await office.presses(press["action_id"], press["value"]))[0]


async def test_a_digest_can_be_asked_for_as_well(office: Office) -> None:
    stock(office)
    assert "1 Critical, 1 Low" in office.reads(await office.says(f"vulns acme/web@{A}"))[0]
    assert "64 hexadecimal digits" in office.reads(await office.says("vulns acme/web@sha256:12"))[0]


async def test_pages_hold_every_finding_once(office: Office) -> None:
    stock(office)
    names = [f"CVE-{number:03}" for number in range(40)]
    office.quay.shelf.scans[B] = scanned(*(finding(name, "High") for name in names))
    reply = await office.says("vulns acme/web:latest")
    seen = ""
    for _ in range(3):
        assert reply is not None
        seen += " ".join(office.reads(reply))
        row = reply.message.blocks[-1]["elements"]
        press = next((one for one in row if one["text"]["text"] == "Next"), None)
        reply = await office.presses(press["action_id"], press["value"]) if press else None
    assert [seen.count(f"|{name}>") for name in names] == [1] * 40


async def test_the_whole_list_comes_as_a_file_in_which_no_formula_comes_alive(office: Office) -> None:
    stock(office)
    office.quay.shelf.scans[B] = scanned(finding("=cmd()", "High", "2"), finding("CVE-2", "Low"))
    reply = await office.presses("vulns_csv", pack("acme/web", "latest", B))
    assert office.reads(reply) == ["The file is in your direct messages with me: 2 rows."]
    user, name, data, said = office.voice.files[0]
    assert (user, name) == ("U-ALICE", "vulnerabilities-acme-web-bbbbbbbbbbbb.csv")
    assert said == f"The vulnerabilities of acme/web at {B}: 2 rows."
    assert data.decode() == snapshot("""\
\ufeff"severity","vulnerability","package","version","fixed_in","link","description"\r
"High","'=cmd()","openssl","1.0","2","https://security.example/=cmd()","About =cmd()."\r
"Low","CVE-2","openssl","1.0","","https://security.example/CVE-2","About CVE-2."\r
""")


async def test_there_is_no_file_about_nothing(office: Office) -> None:
    stock(office)
    office.quay.shelf.scans[B] = Scan("queued")
    assert "has not looked" in office.reads(await office.presses("vulns_csv", pack("acme/web", "latest", B)))[0]
    assert office.voice.files == []


_texts = st.text(max_size=300)
_words = (_texts, st.sampled_from(("High", "Low", "?")), _texts, _texts, _texts, _texts)
_found = st.lists(st.builds(Vulnerability, *_words), max_size=20)


@given(_found, st.integers(0, 50))
def test_whatever_a_scanner_says_is_a_message_that_slack_takes(found: list[Vulnerability], start: int) -> None:
    told = Scanned("acme/web", "latest", A, Scan("scanned", tuple(found)), found, start=min(start, len(found)))
    said = headline(told, "https://quay.example")
    message = whisper(said, *body(told)).message
    assert problems(message.payload()) == []
    assert neutral_problems(message.payload()) == []
    assert counted(found).count(",") <= 2
    assert len(body(told)) <= PAGE + 4

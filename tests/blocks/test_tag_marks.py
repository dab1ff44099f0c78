"""Images, those who changed them, and what comes with them look the same wherever they are named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.layout import section
from bot.blocks.tag_changes import scan_line
from bot.blocks.tag_marks import by, deed, did, image
from bot.blocks.validator import neutral_problems
from bot.blocks.vulns import why_not
from bot.domain.acts import Act
from bot.domain.images import GONE, Scan, Vulnerability
from bot.domain.tag_steps import Author, Findings

SHA = "sha256:" + "1a2b3c4d" * 8
DONE = Scan("scanned")
HIGH, ODD = Vulnerability("CVE-1", "High", "xz"), Vulnerability("CVE-2", "Defcon1", "xz")


def test_an_image_is_its_short_digest_and_none_is_nothing() -> None:
    assert (image(SHA), image("1a2b3c4"), image(""), image(GONE)) == (
        "`sha256:1a2b3c4d1a2b`",
        "`sha256:1a2b3c4`",
        "nothing",
        "nothing",
    )


@pytest.mark.parametrize(
    ("kind", "verb"),
    [
        ("push_repo", "pushed"),
        ("create_tag", "created"),
        ("move_tag", "moved"),
        ("revert_tag", "restored"),
        ("delete_tag", "deleted"),
        ("something_new", "changed"),
    ],
)
def test_who_did_what_has_one_verb_for_each_kind(kind: str, verb: str) -> None:
    author = Author("acme+ci", kind, "skopeo")
    assert did(author) == f"{verb} by *acme+ci*"
    assert did(author, "") == f"{verb} by *acme+ci* with skopeo"
    assert deed(author) == f"acme+ci {verb} it"


def test_nobody_did_nothing() -> None:
    assert (by(None), did(None)) == ("", "")


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300))
def test_no_name_comes_alive(sha: str, name: str, application: str) -> None:
    said = f"{image(sha)} {did(Author(name, 'push_repo', application), '')}"
    assert neutral_problems({"text": "x", "blocks": [section(said)]}) == []


@pytest.mark.parametrize(
    ("before", "after", "findings", "said"),
    [
        (
            Scan("scanned"),
            Scan("scanned"),
            Findings((HIGH, ODD), (), (HIGH,)),
            "⚠ brings 1 High, 1 Unknown · takes none away",
        ),
        (Scan("scanned"), Scan("scanned"), Findings((), (HIGH,), (HIGH,)), "brings none · takes away 1 High"),
        (Scan("scanned"), Scan("scanned"), Findings((), (), (HIGH,)), "the same as now (1 High)"),
        (None, Scan("scanned", (HIGH,)), None, "1 High in the one that comes."),
        (
            Scan("queued"),
            DONE,
            None,
            f"none found in the one that comes. In the one now they are unknown. {why_not('queued')}",
        ),
        (
            None,
            Scan("manifest_layer_too_large"),
            None,
            f"unknown in the one that comes. {why_not('manifest_layer_too_large')}",
        ),
    ],
)
def test_what_comes_and_goes_is_counted_by_severity_or_said_to_be_unknown(
    before: Scan | None, after: Scan, findings: Findings | None, said: str
) -> None:
    assert scan_line(before, after, findings).replace(":warning:", "⚠") == f"*Vulnerabilities:* {said}"


@pytest.mark.parametrize(("target", "tag"), [("acme/web:v1", "v1"), ("acme/web", ""), ("acme+ci", ""), ("", "")])
def test_an_act_knows_its_tag(target: str, tag: str) -> None:
    assert Act("x", target).tag == tag

"""`/quay tag list` and `/quay tag labels`: what is there now."""

# ruff: noqa: E501 - what people read stands on one line

from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from bot.domain.images import Label
from tests.handlers.conftest import START, Office
from tests.handlers.double_tags import calls_of
from tests.handlers.tag_words import HOUR, LATEST, A, B, C, stock


async def test_tags_are_listed_with_image_size_age_and_expiry(office: Office) -> None:
    shelf = office.quay.shelf
    shelf.had("acme/web:v1", START, A)
    shelf.had("acme/web:v2", START, B, A)
    shelf.rows["acme/web:v1"] = (replace(shelf.rows["acme/web:v1"][0], expires=START + HOUR, immutable=True),)
    shelf.had("acme/web:multi", START, B)
    shelf.rows["acme/web:multi"] = (replace(shelf.rows["acme/web:multi"][0], size=None, is_list=True),)
    assert office.reads(await office.says("tag list acme/web")) == snapshot(
        [
            "🏷️ *Tags of <https://quay.example/repository/acme/web|acme/web>*, the newest first",
            "`v1` `sha256:aaaaaaaaaaaa` · 976.6 KiB · 1 hour ago · ⏳ expires <!date^1795428000^{date_short_pretty} {time}|2026-11-23 10:00 UTC> · 🔒 immutable",
            "`v2` `sha256:bbbbbbbbbbbb` · 976.6 KiB · 1 hour ago",
            "`multi` `sha256:bbbbbbbbbbbb` · several platforms · 1 hour ago",
        ]
    )


async def test_many_tags_have_pages_and_a_filter_goes_along(office: Office) -> None:
    for number in range(45):
        office.quay.shelf.had(f"acme/web:v1.{number}", START, A)
    office.quay.shelf.had("acme/web:other", START, B)
    first = await office.says("tag list acme/web v1.")
    assert office.reads(first)[-2:] == ["Page 1", "[Next]"]
    assert first is not None
    press = first.message.blocks[-1]["elements"][0]
    second = await office.presses(press["action_id"], press["value"])
    assert second is not None
    assert second.replace
    assert office.reads(second)[-2:] == ["Page 2", "[Previous] [Next]"]
    assert calls_of(office.quay.calls, "page") == [("acme/web", "v1.", 1, 20), ("acme/web", "v1.", 2, 20)]


async def test_a_tag_behind_the_repository_is_a_filter(office: Office) -> None:
    await office.says("tag list acme/web:v1")
    assert calls_of(office.quay.calls, "page") == [("acme/web", "v1", 1, 20)]


async def test_no_tags_are_said_to_be_none(office: Office) -> None:
    assert office.reads(await office.says("tag list acme/web x")) == snapshot(
        ["🏷️ There are no tags with `x` in their names in *<https://quay.example/repository/acme/web|acme/web>*."]
    )


async def test_a_tag_with_a_name_that_no_registry_should_have_is_only_text(office: Office) -> None:
    office.quay.shelf.had("acme/web:`*bad* <!here> tag`", START, A)
    assert office.reads(await office.says("tag list acme/web"))[1] == snapshot(
        "`ˋ*bad* &lt;!here&gt; tagˋ` `sha256:aaaaaaaaaaaa` · 976.6 KiB · 1 hour ago"
    )


async def test_labels_say_which_can_be_taken_off(office: Office) -> None:
    stock(office)
    office.quay.shelf.labels[B] = (
        Label("1", "version", "1.2", "manifest"),
        Label("2", "owner", "*web* <!channel> `x`", "api"),
    )
    assert office.reads(await office.says("tag labels acme/web:latest")) == snapshot(
        [
            "🔖 *<https://quay.example/repository/acme/web?tab=tags&amp;tag=latest|acme/web:latest>* `sha256:bbbbbbbbbbbb` has 2 labels.",
            """\
`owner` = ∗web∗ &lt;!channel&gt; ˋxˋ · put on in Quay
`version` = 1.2 · of the image itself\
""",
            "Labels of the image itself cannot be removed. `--add key=value` puts one on it, `--remove key` takes one off.",
        ]
    )


async def test_an_image_without_labels_says_so(office: Office) -> None:
    stock(office)
    assert "has no labels." in office.reads(await office.says("tag labels acme/web:latest"))[0]


async def test_a_tag_that_is_not_there_has_no_labels_to_show(office: Office) -> None:
    assert office.reads(await office.says("tag labels acme/web:gone")) == snapshot(
        [
            "There is no tag gone in acme/web now. `/quay tag list` shows those that there are, `/quay tag history` deleted ones, too."
        ]
    )


async def test_hundreds_of_labels_are_counted(office: Office) -> None:
    stock(office)
    office.quay.shelf.labels[B] = tuple(Label(str(n), f"key{n:03}", "x" * 190, "api") for n in range(300))
    shown = office.reads(await office.says("tag labels acme/web:latest"))
    assert "300 labels" in shown[0]
    assert "and 240 more labels" in shown[-2]
    assert LATEST in office.audit.lines[-1].deed.act.target


async def test_the_audit_counts_one_as_one(office: Office) -> None:
    stock(office)
    office.quay.shelf.had("acme/web:other", START, C)
    office.quay.shelf.labels[B] = (Label("1", "team", "web", "api"),)
    said = []
    for words in ("tag list acme/web other", "tag labels acme/web:latest", "tag history acme/web:other"):
        await office.says(words)
        said.append(office.audit.lines[-1].deed.detail)
    assert said == ["Shown: 1 tag.", "Shown: 1 label.", "Read: 1 step."]


async def test_the_menu_beside_a_tag_leads_on(office: Office) -> None:
    stock(office)
    listed = await office.says("tag list acme/web")
    assert listed is not None
    row = next(block for block in listed.message.blocks if "`latest`" in block.get("text", {}).get("text", ""))
    choices = {choice["text"]["text"]: choice["value"] for choice in row["accessory"]["options"]}
    assert list(choices) == ["History", "Restore…", "Labels", "Vulnerabilities"]
    assert office.reads(await office.presses("tag_menu", choices["History"])) == office.reads(
        await office.says("tag history acme/web:latest")
    )
    assert office.reads(await office.presses("tag_menu", choices["Labels"])) == office.reads(
        await office.says("tag labels acme/web:latest")
    )
    assert office.reads(await office.presses("tag_menu", choices["Vulnerabilities"])) == office.reads(
        await office.says("vulns acme/web:latest")
    )
    assert await office.presses("tag_menu", choices["Restore…"]) is None
    assert office.shown().title == "Restore a tag"


@pytest.mark.parametrize(
    "value", ["", "drop acme/web:v1", "history", "history acme:v1", "labels acme/web:", "vulns a/b:c d"]
)
async def test_a_menu_that_is_not_ours_does_nothing(office: Office, value: str) -> None:
    assert "older version" in office.reads(await office.presses("tag_menu", value))[0]
    assert office.quay.calls == []


async def test_a_tag_that_no_menu_could_name_has_none(office: Office) -> None:
    office.quay.shelf.had("acme/web:" + "x" * 200, START, A)
    listed = await office.says("tag list acme/web")
    assert listed is not None
    assert "accessory" not in listed.message.blocks[1]

"""The form for subscribing: what it offers, what it opens with, and what it says below its fields."""

# ruff: noqa: E501 - golden sentences stand on one line

import pytest
from inline_snapshot import snapshot

from bot.domain.people import Place
from handlers import dispatch
from handlers.command import Errors, Seek, Submission
from handlers.commands import COMMANDS
from handlers.commands.subscribe import COMMAND
from handlers.forms.memory import Memory
from handlers.suggesting.choices import as_own
from handlers.suggesting.own_words import own_words
from tests.handlers.conftest import ALICE, START, Office
from tests.handlers.subscription_steps import HOUR, part, pushed, stays_past, subscription

URL = "https://quay.example"


async def sends(office: Office, **values: str) -> dict[str, str]:
    """The errors below the fields."""
    sent = Submission(ALICE, "V1", {"repository": "acme/web"} | values, Memory().pack())
    found = await dispatch.submit("form:subscribe", sent, office.desk)
    return dict(found.fields) if isinstance(found, Errors) else {}


async def test_every_field_says_what_is_wrong_in_it_at_once(office: Office) -> None:
    assert await sends(office, filter="foo tag:v* severity:bad", days="abc") == snapshot(
        {
            "filter": "No filter: foo. Filters are tag, ref, severity, fixable, by, repo. severity:bad: “bad” is no severity. Severities are critical, high, medium, low, negligible, unknown; high+ adds what is worse.",
            "days": "“abc”: write a whole number of days from 1 to 365.",
        }
    )


async def test_what_fits_is_looked_at(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.quay.hall.has("acme/web")
    stays_past(monkeypatch)
    assert await sends(office, filter="tag:v*", days="14", events="expiry pushes") == {}


@pytest.mark.parametrize(
    ("typed", "own"),
    [
        ("acme/app-*", "acme/app-*"),
        ("acme/app-∗", "acme/app-*"),
        ("acme", "acme"),
        ("acme/web", "acme/web"),
        ("*", ""),
        ("acme/web:v1", ""),
        ("what is this", ""),
    ],
)
def test_a_pattern_and_a_namespace_can_be_chosen_as_typed(typed: str, own: str) -> None:
    assert own_words(Seek.TARGET, typed, URL) == own
    assert as_own(Seek.TARGET, "acme/app-*").label == "Use “acme/app-*”"


def test_no_label_is_cut() -> None:
    forms = [command.form for command in COMMANDS.values() if command.form]
    assert all(len(label) <= 75 for form in forms for field in form.fields for _, label in field.choices)


async def test_it_opens_with_what_this_channel_was_told_last(office: Office) -> None:
    office.subscriptions.has(subscription("acme/*", name="S2222"))
    office.subscriptions.pieces["a"] = part(target="acme/old", name="S2222", hook="a", heard_at=START - HOUR)
    office.subscriptions.pieces["b"] = part(target="acme/new", name="S2222", hook="b", heard_at=START)
    await office.says("repo acme/web")
    await office.says("subscribe")
    assert office.shown().blocks[1]["element"]["initial_option"]["value"] == "acme/new"


async def test_change_opens_it_with_all_that_is_wanted(office: Office) -> None:
    office.subscriptions.has(subscription(words="pushes builds:failure tag:v* days:9 layout:compact"))
    await office.presses("subscription_menu", "change S7PX4")
    fields = [block["element"] for block in office.shown().blocks[1:]]
    held = [one.get("initial_option", {}).get("value") or one.get("initial_value") for one in fields]
    assert held == ["acme/web", "pushes builds:failure", "tag:v*", "9", "compact"]


async def test_one_of_another_channel_is_changed_there(office: Office) -> None:
    office.subscriptions.has(subscription(channel="C2"))
    reply = await office.presses("subscription_menu", "change S7PX4")
    assert "another channel" in office.reads(reply)[0]


async def test_copied_characters_that_only_look_alike_are_read(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    stays_past(monkeypatch)
    office.quay.hall.has("acme/app-1")
    assert "Only tags like `v*`." in office.reads(await office.says("subscribe acme/app-∗ pushes tag∶v∗"))[1]


async def test_all_wrong_words_are_named(office: Office) -> None:
    assert office.reads(await office.says("subscribe acme/web foo bar:x days:abc"))[0] == snapshot(
        "I do not know `foo`. I do not know `bar:x`. `days:abc`: write a whole number of days from 1 to 365, for example: `days:7`. Events: pushes, builds, vulns, mirrors, expiry, quota, builds:failure, mirrors:failed. Presets: quiet, team, security. Filters: tag, ref, severity, fixable, by, repo. For example: `acme/web pushes builds:failure tag:v*`"
    )


async def test_samples_are_laid_out_as_they_would_be(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.quay.hall.has("acme/web", public=True)
    office.directory.places["C1"] = Place("C1", "ops")
    stays_past(monkeypatch, pushed("v1"))
    card = office.reads(await office.says("subscribe acme/web pushes"))
    line = office.reads(await office.says("subscribe acme/web pushes layout:compact"))
    assert len(line) < len(card)


async def test_what_the_channel_is_told_already_needs_no_warning(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    stays_past(monkeypatch)
    office.quay.hall.has("acme/web")
    office.directory.places["C1"] = Place("C1", "ops")
    office.subscriptions.has(subscription())
    assert not any("private" in text for text in office.reads(await office.says("subscribe acme/web builds")))
    assert not any("private" in text for text in office.reads(await office.says("subscribe acme quota")))


async def test_a_pattern_in_a_wide_channel_says_what_comes_later(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    stays_past(monkeypatch)
    office.quay.hall.has("acme/web", public=True)
    office.directory.places["C1"] = Place("C1", "ops")
    reply = await office.says("subscribe acme/* pushes")
    assert "Private repositories that are created later are told here as well." in office.reads(reply)
    assert reply is not None
    [row] = [block for block in reply.message.blocks if block["type"] == "actions"]
    assert row["elements"][0]["style"] == "primary"


async def test_whoever_looks_after_it_is_not_told_so(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    stays_past(monkeypatch)
    office.quay.hall.has("acme/web")
    office.subscriptions.has(subscription())
    assert "look after it" not in " ".join(office.reads(await office.says("subscribe acme/web builds")))


async def test_what_small_letters_would_fit_is_said(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    stays_past(monkeypatch, pushed("v1"))
    office.quay.hall.has("acme/web", public=True)
    assert any("`tag:V*` fits nothing" in text for text in office.reads(await office.says("subscribe acme/web tag:V*")))


async def test_an_ended_one_says_which_pattern_goes_on(office: Office) -> None:
    office.subscriptions.has(subscription())
    office.subscriptions.has(subscription("acme/*", name="S2222"))
    await office.says("unsubscribe acme/web")
    [offer] = list(office.offers.kept.values())
    assert office.reads(await office.presses("confirm", offer.name))[0] == snapshot(
        "Done. `acme/*` (`S2222`) goes on telling it here."
    )


def test_the_repository_is_whatever_can_be_subscribed_to() -> None:
    assert COMMAND.form is not None
    assert COMMAND.form.fields[0].seek is Seek.TARGET

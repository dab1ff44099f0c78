"""`/quay tag labels --add` and `--remove`: changing the labels of an image, and taking it back."""

# ruff: noqa: E501 - what people read stands on one line

from dataclasses import dataclass, field
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.domain.errors import UserError
from bot.domain.images import Label
from handlers.acts import label_add, label_remove
from tests.handlers.conftest import Office
from tests.handlers.registry import FakeQuay, OnePersonsQuay
from tests.handlers.tag_words import LATEST, B, stock


@dataclass
class LabelQuay(FakeQuay):
    """A registry whose labels really change; `deaf`: it says yes and does nothing."""

    deaf: bool = False
    changes: list[tuple[str, ...]] = field(default_factory=list)

    def as_token(self, token: str) -> "LabelQuayOfOne":
        return LabelQuayOfOne(self, token)


class LabelQuayOfOne(OnePersonsQuay):
    all: LabelQuay

    @property
    def tagging(self) -> Any:
        return self

    async def add_label(self, repository: str, digest: str, key: str, value: str) -> Label:
        self._note("add_label", repository, digest, key, value)
        made = Label(f"id-{len(self.all.calls)}", key, value, "api")
        if not self.all.deaf:
            self.all.shelf.labels[digest] = (*self.all.shelf.labels[digest], made)
        self.all.changes.append(("add", digest, key, value))
        return made

    async def remove_label(self, repository: str, digest: str, label: str) -> None:
        self._note("remove_label", repository, digest, label)
        if not self.all.deaf:
            self.all.shelf.labels[digest] = tuple(one for one in self.all.shelf.labels[digest] if one.id != label)
        self.all.changes.append(("remove", digest, label))


class LabelOffice(Office):
    """An office in front of that registry."""

    quay: LabelQuay

    def labels(self) -> list[tuple[str, str]]:
        return [(one.key, one.value) for one in self.quay.shelf.labels[B]]

    def has(self, *labels: Label) -> None:
        self.quay.shelf.labels[B] = labels

    def announced(self) -> list[list[str]]:
        return [self.words(told.payload["blocks"]) for told in self.notices.said.values()]

    def press_of(self, name: str) -> str:
        (offer,) = [one for one in self.offers.kept.values() if one.purpose == name]
        return str(offer.name)


@pytest.fixture
def office() -> LabelOffice:
    made = LabelOffice(LabelQuay())
    stock(made)
    return made


async def test_a_label_is_put_on_verified_and_told_to_the_channel(office: LabelOffice) -> None:
    reply = await office.says("tag labels acme/web:latest --add approved-by=alice")
    assert office.labels() == [("approved-by", "alice")]
    assert office.reads(reply) == snapshot(
        [
            ":white_check_mark: Done: you put the label `approved-by` = alice on `acme/web:latest` (`sha256:bbbbbbbbbbbb`). *Verified:* I read it back from Quay."
        ]
    )
    assert office.announced()[0][:2] == snapshot(
        [
            ":white_check_mark: <@U-ALICE> put the label `approved-by` = alice on `acme/web:latest` (`sha256:bbbbbbbbbbbb`). *Verified:* I read it back from Quay.",
            "[Undo]",
        ]
    )


async def test_a_value_may_hold_the_sign_between_key_and_value(office: LabelOffice) -> None:
    await office.says('tag labels acme/web:latest --add "url=https://a.example/?q=1 2"')
    assert office.labels() == [("url", "https://a.example/?q=1 2")]


async def test_what_quay_does_not_show_afterwards_is_not_called_verified(office: LabelOffice) -> None:
    office.quay.deaf = True
    said = office.reads(await office.says("tag labels acme/web:latest --add a=b"))[0]
    assert "Verified" not in said
    assert "when I looked again, it was not there" in said


@pytest.mark.parametrize("source", ["api", "manifest"])
async def test_a_label_that_is_there_already_is_not_put_on_twice(office: LabelOffice, source: str) -> None:
    office.has(Label("L1", "owner", "web", source))
    reply = await office.says("tag labels acme/web:latest --add owner=web")
    assert office.reads(reply) == ["The image of acme/web:latest has the label owner = web already."]
    assert (office.quay.changes, office.notices.said) == ([], {})


async def test_a_label_with_the_same_key_and_another_value_is_put_on(office: LabelOffice) -> None:
    office.has(Label("L1", "owner", "web", "api"))
    await office.says("tag labels acme/web:latest --add owner=api")
    assert office.labels() == [("owner", "web"), ("owner", "api")]


async def test_a_long_value_that_is_there_already_is_not_repeated_whole(office: LabelOffice) -> None:
    office.has(Label("L1", "note", "x" * 1000, "api"))
    [said] = office.reads(await office.says(f"tag labels acme/web:latest --add note={'x' * 1000}"))
    assert "has the label note = xxx" in said
    assert len(said) < 300


async def test_a_label_is_taken_off_only_after_a_yes(office: LabelOffice) -> None:
    office.has(Label("L1", "owner", "web", "api"), Label("L2", "version", "1", "manifest"))
    shown = office.reads(await office.says("tag labels acme/web:latest --remove owner"))
    assert shown == snapshot(
        [
            "Please check what would happen:",
            "Take the label `owner` = web off `acme/web:latest` (`sha256:bbbbbbbbbbbb`).",
            "Nothing is done yet. This offer is good until <!date^1795425000^{date_short_pretty} {time}|2026-11-23 09:10 UTC>.",
            "[Remove the label] [Cancel]",
        ]
    )
    assert len(office.labels()) == 2
    reply = await office.presses("confirm", office.press_of("confirm"))
    assert office.labels() == [("version", "1")]
    assert office.reads(reply) == snapshot(
        [
            ":white_check_mark: Done: you took the label `owner` = web off `acme/web:latest` (`sha256:bbbbbbbbbbbb`). *Verified:* I read it back from Quay."
        ]
    )


async def test_taking_off_is_undone_by_putting_it_on_again(office: LabelOffice) -> None:
    office.has(Label("L1", "owner", "web", "api"))
    await office.says("tag labels acme/web:latest --remove owner")
    await office.presses("confirm", office.press_of("confirm"))
    await office.presses("undo", office.press_of("undo"))
    assert office.labels() == [("owner", "web")]


async def test_putting_on_is_undone_unless_the_tag_has_moved_since(office: LabelOffice) -> None:
    await office.says("tag labels acme/web:latest --add a=b")
    undo = office.press_of("undo")
    office.quay.digests[LATEST] = "sha256:" + "d" * 64
    said = " ".join(office.reads(await office.presses("undo", undo)))
    assert "left it as it is" in said
    assert office.labels() == [("a", "b")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--remove version", "part of the image itself"),
        ("--remove nothing", "has no such label"),
        ("--remove twice", "--remove twice=VALUE"),
        ("--add novalue", "with = between them"),
        ("--add a=b --remove c", "one after the other"),
    ],
)
async def test_what_cannot_be_is_explained(office: LabelOffice, words: str, said: str) -> None:
    twice = (Label("L3", "twice", "a", "api"), Label("L4", "twice", "b", "api"))
    office.has(Label("L2", "version", "1", "manifest"), *twice)
    assert said in " ".join(office.reads(await office.says(f"tag labels acme/web:latest {words}")))
    assert office.quay.changes == []


async def test_of_two_labels_with_one_key_the_value_says_which(office: LabelOffice) -> None:
    office.has(Label("L3", "twice", "a", "api"), Label("L4", "twice", "b", "api"))
    await office.says("tag labels acme/web:latest --remove twice=b")
    await office.presses("confirm", office.press_of("confirm"))
    assert office.quay.changes == [("remove", B, "L4")]


async def test_what_quay_refuses_is_not_announced(office: LabelOffice) -> None:
    office.quay.errors["add_label"] = UserError("Quay does not take that key.")
    assert office.reads(await office.says("tag labels acme/web:latest --add a=b")) == ["Quay does not take that key."]
    assert office.notices.said == {}


def test_both_acts_say_everything_that_decides_what_happens() -> None:
    act = label_remove.wanted("acme/web", "latest", "owner", "web")
    assert label_remove.says(act) == "Take the label `owner` = web off `acme/web:latest`."
    add = label_add.wanted("acme/web", "latest", "*k*", "<!here>")
    assert label_add.says(add) == "Put the label `*k*` = &lt;!here&gt; on `acme/web:latest`."

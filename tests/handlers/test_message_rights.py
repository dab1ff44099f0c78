"""Who may schedule global messages, and who may cancel those of others."""

import pytest
from inline_snapshot import snapshot

from bot.domain.acts import Act
from bot.domain.banners import BannerStage
from bot.domain.errors import NeedsScope, TryLater, UserError
from bot.domain.people import Account, Person
from bot.rules.policy import Decision, Effect
from tests.handlers.banner_steps import SOON, later, offered, posts, read, says_yes, stage, undo
from tests.handlers.conftest import ALICE, BOB, START, Office
from tests.handlers.council import CAROL, DAVE, Council, approve

NO = NeedsScope("Quay did not let you post global messages.", scopes=frozenset({"super:user"}))
LINK = 'message post error "[https://quay.example/login](https://evil.example/phish)" --markdown --at "in 2 hours"'


@pytest.mark.parametrize("line", [SOON, LINK, 'message post info "x"', 'message post info "x" --for 1h'])
async def test_who_is_no_superuser_gets_no_preview_and_nobody_reads_the_text(office: Office, line: str) -> None:
    office.quay.banners.errors["admitted"] = [NO]
    assert read(office, await office.says(line))[0] == NO.say
    assert (office.offers.kept, office.banners.kept, office.notices.said, posts(office)) == ({}, {}, {}, 0)


async def test_who_has_the_scope_and_is_no_superuser_hears_just_that(office: Office) -> None:
    office.accounts.kept[ALICE] = Account(ALICE, "alice", START, "token-alice", scopes=frozenset({"super:user"}))
    office.quay.banners.errors["admitted"] = [NO]
    assert "the account alice is no superuser" in read(office, await office.says(SOON))[0]


async def test_who_is_no_superuser_sees_no_preview_of_a_deletion(office: Office) -> None:
    office.quay.banners.has("Maintenance", "warning")
    office.quay.banners.errors["admitted"] = [NO]
    assert read(office, await office.says("message delete 00000001"))[0] == NO.say
    assert (office.offers.kept, office.notices.said, office.quay.banners.texts()) == ({}, {}, ["Maintenance"])
    assert "delete" not in [call[1] for call in office.quay.banners.calls]


async def test_who_has_the_scope_and_is_no_superuser_hears_just_that_of_a_deletion(office: Office) -> None:
    office.quay.banners.has()
    office.accounts.kept[ALICE] = Account(ALICE, "alice", START, "token-alice", scopes=frozenset({"super:user"}))
    office.quay.banners.errors["admitted"] = [NO]
    assert "the account alice is no superuser" in read(office, await office.says("message delete 00000001"))[0]
    assert office.offers.kept == {}


async def test_a_superuser_deletes_with_one_yes(office: Office) -> None:
    office.quay.banners.has()
    preview = await office.says("message delete 00000001")
    assert "admitted" in [call[1] for call in office.quay.banners.calls]
    await office.presses("confirm", offered(preview))
    assert office.quay.banners.shown == []


async def test_who_stopped_being_one_between_the_preview_and_the_yes_schedules_nothing(office: Office) -> None:
    office.quay.banners.errors["admitted"] = [None, NO]
    assert NO.say in read(office, await says_yes(office, SOON))[0]
    assert (office.banners.kept, office.notices.said) == ({}, {})


async def test_while_nobody_knows_nothing_is_scheduled(office: Office) -> None:
    office.quay.banners.errors["admitted"] = [TryLater("Quay is away.")]
    assert read(office, await office.says(SOON))[0] == "Quay is away."
    assert office.banners.kept == {}


async def test_undo_of_cancelling_takes_a_superuser_as_well(office: Office) -> None:
    await says_yes(office, SOON)
    await office.presses("undo", undo(office))
    office.quay.banners.errors["admitted"] = [NO]
    await office.presses("undo", undo(office))
    assert [one.stage for one in office.banners.kept.values()] == [BannerStage.CANCELLED]


async def test_a_link_is_shown_with_where_it_leads_and_leads_nowhere(office: Office) -> None:
    preview = read(office, await office.says(LINK))
    assert preview[2] == snapshot("""\
:red_circle: error, about like this:
│ https://quay.example/login (`https://evil.example/phish`)\
""")
    await says_yes(office, LINK)
    assert "<http" not in str([dict(one.payload) for one in office.notices.said.values()])


class Divided(Council):
    """Bob approves global messages; Carol approves other things; Dave nothing."""

    def __init__(self) -> None:
        super().__init__(needed=1)
        self.rulings.members = {"U-BOB"}
        messages, builds = (
            Decision(Effect.APPROVE, name, approvers=(f"user:{who}",), needed=1)
            for name, who in (("messages", "U-BOB"), ("builds", "U-CAROL"))
        )
        asked = self.rulings

        async def decide(_person: Person, _name: str, _quay: object, act: Act, _channel: str) -> Decision:
            return messages if act.name == "message post" else builds if act.name == "build" else Decision(Effect.ALLOW)

        async def is_one_of(person: Person, _name: str, _quay: object, who: tuple[str, ...]) -> bool:
            return f"user:{person.user}" in who

        async def approvers() -> tuple[str, ...]:
            return (*messages.approvers, *builds.approvers)

        asked.decide, asked.is_one_of, asked.approvers = decide, is_one_of, approvers  # type: ignore[method-assign, assignment]


async def scheduled() -> tuple[Divided, str]:
    council = Divided()
    await says_yes(council, SOON)
    await approve(council, BOB)
    (name,) = council.banners.kept
    return council, name


@pytest.mark.parametrize("person", [CAROL, DAVE])
async def test_who_approves_other_things_cannot_cancel_it(person: Person) -> None:
    council, name = await scheduled()
    council.quay.banners.errors["admitted"] = [UserError("no superuser")]
    assert (
        "whom the policy asks to approve it" in read(council, await council.says(f"message cancel {name}", person))[0]
    )
    assert stage(council) is BannerStage.WAITING


@pytest.mark.parametrize("person", [ALICE, BOB])
async def test_whoever_scheduled_it_and_its_approvers_cancel_it(person: Person) -> None:
    council, name = await scheduled()
    council.quay.banners.errors["admitted"] = [UserError("no superuser")]
    await council.says(f"message cancel {name}", person)
    assert stage(council) is BannerStage.CANCELLED


async def test_any_superuser_cancels_it() -> None:
    council, name = await scheduled()
    await council.says(f"message cancel {name}", DAVE)
    assert stage(council) is BannerStage.CANCELLED


async def test_its_approvers_cancel_it_even_if_its_account_cannot_be_opened(office: Office) -> None:
    office.links_bob()
    await says_yes(office, SOON)
    office.accounts.kept.pop(ALICE)
    await office.says(f"message cancel {next(iter(office.banners.kept))}", BOB)
    assert stage(office) is BannerStage.CANCELLED
    await later(office, hours=2)
    assert posts(office) == 0

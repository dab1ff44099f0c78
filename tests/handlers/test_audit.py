"""`/quay audit`: who may see what, and what is written down about looking."""

import pytest

from bot.domain.acts import Act, Outcome
from bot.domain.errors import NotLinked, TryLater, UserError
from bot.domain.people import Person
from tests.handlers.audit_office import ALICE, BOB, CAROL, DAVE, NAMES, Office, notes, office, shown

__all__ = ["office"]


async def test_everybody_sees_their_own_lines_without_an_account(office: Office):
    reply = await office.asks(DAVE)

    assert shown(reply) == ["DDDD-0003"]
    assert "There is nothing in the audit" in (await office.asks(CAROL)).message.blocks[0]["text"]["text"]
    assert office.looks == []


async def test_naming_oneself_is_the_same(office: Office):
    assert shown(await office.asks(BOB, "<@UBOB>")) == shown(await office.asks(BOB)) == ["BBBB-0004", "BBBB-0002"]
    assert office.looks == []


async def test_an_admin_sees_what_was_done_in_the_repository_and_that_is_written_down(office: Office):
    assert shown(await office.asks(ALICE, "acme/web")) == ["DDDD-0003", "BBBB-0002", "AAAA-0001"]
    assert office.looks == [(ALICE, "acme/web", Outcome.DONE)]


async def test_looking_is_written_down_before_anything_is_shown(office: Office):
    office.audit.full = True

    with pytest.raises(TryLater):
        await office.asks(ALICE, "acme/web")


async def test_an_auditor_sees_a_repository_that_quay_does_not_show_them(office: Office):
    assert shown(await office.asks(CAROL, "acme/api")) == ["BBBB-0004"]


async def test_others_see_only_their_own_lines_of_a_repository_and_why(office: Office):
    reply = await office.asks(BOB, "acme/web")

    assert shown(reply) == ["BBBB-0002"]
    assert "for admins of the repository in Quay" in notes(reply)[0]
    assert office.looks == [(BOB, "acme/web", Outcome.REFUSED)]


async def test_a_word_that_may_be_a_person_gets_a_hint(office: Office):
    assert notes(await office.asks(CAROL, "alice")) == ["Did you mean `@alice`?"]
    assert notes(await office.asks(CAROL, "acme/web")) == []


async def test_one_tag_can_be_asked_for(office: Office):
    assert shown(await office.asks(CAROL, "acme/web:v1")) == ["BBBB-0002"]


async def test_a_repository_takes_an_account(office: Office):
    with pytest.raises(NotLinked):
        await office.asks(DAVE, "acme/web")


async def test_a_dead_token_is_told_and_not_taken_for_no_rights(office: Office):
    office.trouble = NotLinked("Quay does not accept your token.")

    with pytest.raises(NotLinked):
        await office.asks(ALICE, "acme/web")
    assert office.looks == []


async def test_only_auditors_see_what_another_person_did(office: Office):
    assert shown(await office.asks(CAROL, "<@UBOB|bob>")) == ["BBBB-0004", "BBBB-0002"]
    with pytest.raises(UserError, match="Only auditors"):
        await office.asks(ALICE, "<@UBOB>")
    assert office.looks == [(CAROL, "@UBOB", Outcome.DONE), (ALICE, "@UBOB", Outcome.REFUSED)]


async def test_ones_own_reference_shows_everything_about_it_the_oldest_first(office: Office):
    await office.did(BOB, "BBBB-0002", act=Act("build", "acme/web:v1"), outcome=Outcome.FAILED, approval="K7PX4")

    reply = await office.asks(BOB, "bbbb-0002")

    assert shown(reply) == ["BBBB-0002", "BBBB-0002"]
    assert "failed" in repr(reply.message.blocks[3])
    assert office.looks == []


async def test_how_it_began_is_shown_only_as_long_as_nothing_follows(office: Office):
    await office.did(BOB, "BBBB-0009", outcome=Outcome.TRIED)
    assert "begun" in repr((await office.asks(BOB, "BBBB-0009")).message.blocks)
    await office.did(BOB, "BBBB-0009", outcome=Outcome.REFUSED, detail="Quay said no. Run `/quay link`.")
    reply = await office.asks(BOB, "BBBB-0009")
    assert shown(reply) == ["BBBB-0009"]
    assert "Quay said no. Run `/quay link`." in repr(reply.message.blocks)
    listed = repr((await office.asks(BOB)).message.blocks)
    assert "Quay said no." in listed
    assert "Run" not in listed


@pytest.mark.parametrize("person", [ALICE, CAROL], ids=["admin", "auditor"])
async def test_a_reference_of_somebody_else_is_for_those_who_may_see_its_target(office: Office, person: Person):
    assert shown(await office.asks(person, "BBBB-0002")) == ["BBBB-0002"]
    assert office.looks == [(person, "BBBB-0002", Outcome.DONE)]


async def test_for_everybody_else_a_reference_is_as_good_as_unknown(office: Office):
    with pytest.raises(UserError) as forbidden:
        await office.asks(BOB, "AAAA-0001")
    with pytest.raises(UserError) as unknown:
        await office.asks(BOB, "AAAA-9999")

    assert forbidden.value.say.replace("0001", "9999") == unknown.value.say


async def test_an_approval_is_for_whoever_asked_for_it_and_a_voter_sees_the_own_vote(office: Office):
    await office.did(BOB, "BBBB-0005", outcome=Outcome.ASKED, approval="K7PX4")
    await office.did(DAVE, "DDDD-0006", outcome=Outcome.DENIED, approval="K7PX4")
    await office.did(ALICE, "AAAA-0007", outcome=Outcome.APPROVED, approval="K7PX4")

    assert shown(await office.asks(BOB, "K7PX4")) == ["BBBB-0005", "DDDD-0006", "AAAA-0007"]
    with pytest.raises(NotLinked):
        await office.asks(DAVE, "K7PX4")
    NAMES[DAVE] = "dave"
    try:
        assert shown(await office.asks(DAVE, "K7PX4")) == ["DDDD-0006"]
    finally:
        del NAMES[DAVE]


async def test_what_only_looked_is_counted_and_shown_when_it_is_asked_for(office: Office):
    for number in range(3):
        await office.did(BOB, f"BBBB-2{number:03}", act=Act("tag history", "acme/web"))

    reply = await office.asks(BOB)
    assert shown(reply) == ["BBBB-0004", "BBBB-0002"]
    assert notes(reply) == ["And 3 looks, which changed nothing: `--all` shows them."]
    reply = await office.asks(BOB, "--all")
    assert shown(reply) == ["BBBB-2002", "BBBB-2001", "BBBB-2000", "BBBB-0004", "BBBB-0002"]
    assert notes(reply) == []
    assert shown(await office.asks(CAROL, "<@UBOB>", "--all")) == shown(reply)
    assert shown(await office.asks(BOB, "BBBB-2001")) == ["BBBB-2001"]


async def test_another_option_is_said_to_be_none(office: Office):
    with pytest.raises(UserError, match="has no option --everything"):
        await office.asks(BOB, "--everything")

"""As whom somebody acts decides everything else: whoever changes it leaves lines in the audit."""

import pytest

from bot.domain.errors import NotLinked, TryLater

TOKEN = "0123456789abcdef0123456789abcdef01234567"


def lines(office) -> list[tuple[str, str, str]]:
    return [(line.deed.act.name, line.deed.outcome.value, line.deed.username) for line in office.audit.lines]


async def test_a_confirmed_code_is_written_down_with_the_account(office):
    office.linking.codes[office.bob] = ("AC3K-7WXY", "bob", 5)
    await office.enters("AC3K-7WXY", office.bob)

    assert lines(office) == [("link", "tried", ""), ("link", "done", "bob")]
    assert {line.deed.person for line in office.audit.lines} == {office.bob}


async def test_a_wrong_code_is_written_down_and_the_code_is_not(office):
    office.linking.codes[office.bob] = ("AC3K-7WXY", "bob", 5)
    await office.enters("AC3K-7WXZ", office.bob)

    assert lines(office) == [("link", "tried", ""), ("link", "refused", "")]
    assert "7WX" not in repr(office.audit.lines)


async def test_a_pasted_token_is_written_down_and_the_token_is_not(office):
    office.quay.users[TOKEN] = "bob"
    await office.sends(TOKEN, office.bob)

    assert lines(office)[-1][:2] == ("link", "done")
    assert TOKEN not in repr(office.audit.lines)


async def test_unlinking_and_stopping_an_attempt_are_written_down(office):
    office.links_bob()
    await office.says("unlink", office.bob)
    await office.presses("link_cancel", "", office.bob)

    assert [line[:2] for line in lines(office)] == [
        ("unlink", "tried"),
        ("unlink", "done"),
        ("link cancel", "tried"),
        ("link cancel", "done"),
    ]


@pytest.mark.parametrize("error", [TryLater("away")])
async def test_what_cannot_be_written_down_is_not_done(office, error):
    office.audit.error = error
    office.linking.codes[office.bob] = ("AC3K-7WXY", "bob", 5)
    await office.enters("AC3K-7WXY", office.bob)

    assert office.bob not in office.accounts.kept
    with pytest.raises(NotLinked):
        await office.desk.accounts.of(office.bob)


async def test_what_is_done_is_done_even_if_its_last_line_is_lost(office):
    append, given = office.audit.append, []

    async def once(deed):
        given.append(deed)
        if len(given) > 1:
            raise TryLater("away")
        return await append(deed)

    office.audit.append = once
    office.linking.codes[office.bob] = ("AC3K-7WXY", "bob", 5)
    reply = await office.enters("AC3K-7WXY", office.bob)

    assert "You are *bob*" in office.reads(reply)[0]
    assert lines(office) == [("link", "tried", "")]


async def test_what_nobody_expected_is_written_down_under_the_reference_that_the_person_is_told(office):
    async def broken(_person, _code):
        raise RuntimeError("AC3K-7WXY")

    office.linking.confirm = broken
    reply = await office.enters("AC3K-7WXY", office.bob)

    last = office.audit.lines[-1].deed
    assert last.outcome.value == "failed"
    assert last.detail == "unexpected: RuntimeError. It may have happened."
    assert last.reference in office.reads(reply)[0]

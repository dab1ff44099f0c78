"""The gate: account, policy, a line before, a line after."""

import asyncio

import pytest

from bot.domain.acts import Act, Outcome
from bot.domain.errors import Denied, GiveUp, Lacking, NeedsScope, NotLinked, TryLater, UserError
from bot.ports import Scopes
from bot.rules.policy import NOBODY_ASKED, Decision, Effect
from bot.services.gate import Gate
from bot.services.references import NAME, REFERENCE, as_name, new_name, new_reference
from bot.services.verdicts import denial, strictest
from tests.handlers.council import Council

ACT = Act("build cancel", "acme/web", {"build": "dbf23442"})


@pytest.fixture
def council() -> Council:
    council = Council()
    council.rulings.decision = NOBODY_ASKED
    return council


async def enter(council: Council, *, error: BaseException | None = None, act: Act = ACT, **more: object) -> Gate:
    gate = council.desk.gate
    async with gate.entering(act, council.alice, "C1", quay_log="cancel_build", **more):
        if error is not None:
            raise error
    return gate


def lines(council: Council) -> list[tuple[str, str]]:
    return [(line.deed.outcome.value, line.deed.detail) for line in council.audit.lines]


async def test_there_is_a_line_before_and_one_after_with_everything_in_them(council):
    await enter(council)
    tried, done = [line.deed for line in council.audit.lines]
    assert (tried.outcome, done.outcome) == (Outcome.TRIED, Outcome.DONE)
    for deed in (tried, done):
        assert (deed.person, deed.username, deed.channel, deed.act) == (council.alice, "alice", "C1", ACT)
        assert (deed.quay_log, deed.reference) == ("cancel_build", tried.reference)


async def test_everybody_goes_with_their_own_token(council):
    async with council.desk.gate.entering(ACT, council.bob, "C1") as going:
        await going.quay.whoami()
    assert council.quay.calls == [("token-bob", "whoami")]


async def test_without_an_account_nothing_happens_but_a_line(council):
    del council.accounts.kept[council.alice]
    with pytest.raises(NotLinked):
        await enter(council)
    assert [outcome for outcome, _ in lines(council)] == ["unlinked"]


async def test_a_denial_names_rule_reason_and_what_could_not_be_found_out(council):
    council.rulings.decision = Decision(Effect.DENY, "freeze", "No deploys today", unsure="who is in the group S1")
    with pytest.raises(Denied) as caught:
        await enter(council)
    assert caught.value.say == (
        "The policy's rule “freeze” does not allow `build cancel` on acme/web. No deploys today. "
        "I could not find out who is in the group S1, so I have to say no."
    )
    assert (caught.value.rule, lines(council)) == ("freeze", [("denied", caught.value.say)])


async def test_what_cannot_be_written_down_is_not_done(council):
    council.audit.error = TryLater("The database is away.")
    begun = False
    with pytest.raises(TryLater):
        async with council.desk.gate.entering(ACT, council.alice, "C1"):
            begun = True
    assert not begun


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (UserError("You need the role admin."), ("refused", "You need the role admin.")),
        (NotLinked("Your token is dead."), ("refused", "Your token is dead.")),
        (TryLater("Quay is away."), ("failed", "Quay is away")),
        (TryLater("Quay is away.", doubtful=True), ("failed", "Quay is away. It may have happened.")),
        (GiveUp("Odd."), ("failed", "Odd")),
        (ZeroDivisionError("token s3cret"), ("failed", "unexpected: ZeroDivisionError. It may have happened.")),
        (asyncio.CancelledError(), ("failed", "cut off. It may have happened.")),
    ],
    ids=["refused", "dead token", "away", "doubtful", "given up", "unexpected", "cut off"],
)
async def test_every_error_goes_through_with_its_reference_and_is_written_down(council, error, line):
    with pytest.raises(type(error)) as caught:
        await enter(council, error=error)
    assert caught.value is error
    assert lines(council)[1:] == [line]
    assert error.reference == council.audit.lines[-1].deed.reference


@pytest.mark.parametrize("error", [None, UserError("No."), ZeroDivisionError()])
async def test_a_lost_last_line_changes_nothing_for_the_person(council, error):
    async def go() -> None:
        async with council.desk.gate.entering(ACT, council.alice, "C1"):
            council.audit.error = OSError("disk full")
            if error is not None:
                raise error

    if error is None:
        await go()
    else:
        with pytest.raises(type(error)) as caught:
            await go()
        assert caught.value is error
    assert lines(council) == [("tried", "")]


async def test_a_missing_scope_is_asked_for(council):
    council.quay.probed = Scopes(lacks=frozenset({"repo:admin"}))
    lacking = Lacking("Role or scope.", repository="acme/web", needs="admin", does="cancels builds")
    with pytest.raises(NeedsScope) as caught:
        await enter(council, error=lacking)
    assert caught.value.scopes == {"repo:admin"}
    assert lines(council)[-1] == ("refused", caught.value.say)


async def test_what_the_words_left_open_is_filled_in_before_the_policy_and_the_audit(council):
    exact = Act("build retry", "acme/web:v1", {"build": "dbf2", "tags": "v1"})

    async def resolve(act, quay):
        return exact

    await enter(council, act=Act("build retry", "acme/web"), resolve=resolve)
    assert [act.target for act in council.rulings.asked] == ["acme/web:v1"]
    assert all(line.deed.act == exact for line in council.audit.lines)


async def test_an_error_while_it_is_filled_in_is_written_down_too(council):
    async def resolve(act, quay):
        raise UserError("There is no such build.")

    with pytest.raises(UserError):
        await enter(council, resolve=resolve)
    assert lines(council) == [("refused", "There is no such build.")]


async def test_the_policy_is_asked_about_each_tag_and_one_no_is_enough(council):
    council.rulings.by_target["acme/web:latest"] = Decision(Effect.DENY, "latest")
    with pytest.raises(Denied):
        await enter(council, act=Act("build", "acme/web", {"tags": "v1 latest"}))


def test_the_strictest_decision_counts():
    allow, two, three = NOBODY_ASKED, *(Decision(Effect.APPROVE, "a", needed=number) for number in (2, 3))
    assert strictest([allow, two, three]) is three
    assert strictest([allow, two, Decision(Effect.DENY, "x")]).rule == "x"
    assert strictest([allow]) is allow
    assert strictest([two, Decision(Effect.APPROVE, "b", needed=9)]).effect is Effect.DENY


def test_a_default_that_denies_says_that_no_rule_allows_it():
    assert denial(Decision(Effect.DENY), ACT) == "No rule of the policy allows `build cancel` on acme/web here."


def test_references_and_names_are_what_people_can_read_out():
    for _ in range(200):
        assert REFERENCE.fullmatch(new_reference())
        assert NAME.fullmatch(new_name())
    assert as_name(" `k7px4`, ") == "K7PX4"


@pytest.mark.parametrize(
    ("asks", "now", "goes"), [(False, "renamed", True), (True, "alice", True), (True, "renamed", False)]
)
async def test_where_rules_name_quay_accounts_a_renamed_one_is_linked_again(council, monkeypatch, asks, now, goes):
    async def asks_about_quay_names() -> bool:
        return asks

    monkeypatch.setattr(council.rulings, "asks_about_quay_names", asks_about_quay_names, raising=False)
    council.quay.users["token-alice"] = now
    if goes:
        await enter(council)
        assert [outcome for outcome, _ in lines(council)] == ["tried", "done"]
    else:
        with pytest.raises(NotLinked, match="is called `renamed` now"):
            await enter(council)
        assert [outcome for outcome, _ in lines(council)] == ["refused"]
    assert (("token-alice", "whoami") in council.quay.calls) == asks


async def test_the_policy_has_to_agree_to_every_channel_that_sees_it(council, monkeypatch):
    async def decide(person: object, username: str, quay: object, act: Act, channel: str) -> Decision:
        return Decision(Effect.DENY, "lounge") if channel == "C2" else NOBODY_ASKED

    monkeypatch.setattr(council.rulings, "decide", decide)
    await enter(council, also=("C3",))
    with pytest.raises(Denied, match="lounge"):
        await enter(council, also=("C3", "C2"))


async def test_a_no_for_want_of_knowledge_says_so_to_whoever_asks_again(council):
    for unsure in ("", "who is in the group S1"):
        council.rulings.decision = Decision(Effect.DENY, "freeze", unsure=unsure)
        with pytest.raises(Denied) as caught:
            await enter(council)
        assert caught.value.unsure is bool(unsure)


def test_of_several_noes_a_sure_one_counts():
    sure, unsure = Decision(Effect.DENY, "b"), Decision(Effect.DENY, "a", unsure="something")
    assert strictest([unsure, sure]) == sure
    assert strictest([unsure, NOBODY_ASKED]) == unsure

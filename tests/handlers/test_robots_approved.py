"""Changing a robot account when others have to agree first: what it is bound to, and who gets the token then."""

import json

from tests.handlers.conftest import ALICE, START
from tests.handlers.council import Council, approve
from tests.handlers.robot_yard import emitted, value


async def test_with_approvals_the_token_goes_by_direct_message_to_whoever_asked() -> None:
    council = Council()
    council.quay.garage.add("acme+ci")
    shown = await council.says("robot regenerate acme+ci")
    assert council.quay.garage.tokens == []
    await council.presses("confirm", value(shown, "confirm"))
    assert council.quay.garage.tokens == []
    await approve(council, council.bob)
    told = await council.presses("approval_approve", council.request.name, council.carol)
    [(person, letter)] = council.voice.letters
    assert person == "U-ALICE"
    [ticket] = [one["value"] for row in letter["blocks"] if row["type"] == "actions" for one in row["elements"]]
    [kept] = council.reveals.kept.values()
    assert kept.person == ALICE
    assert ticket not in json.dumps(told.message.payload() if told else {})
    cards = json.dumps([dict(card.payload) for card in council.approvals.cards])
    assert council.quay.garage.tokens[0][:12] not in emitted(council, told) + json.dumps(dict(letter)) + cards
    await council.presses("reveal", ticket)
    assert council.quay.garage.tokens[0] in json.dumps(council.shown().view())


async def test_the_request_for_approval_is_bound_to_the_robot_as_it_is() -> None:
    council = Council()
    council.quay.garage.add("acme+ci")
    await council.presses("confirm", value(await council.says("robot regenerate acme+ci"), "confirm"))
    born = "made:2026-11-01T08:00:00+00:00"
    assert f"Bound to: `acme+ci` as it is now (`{born}`). If it changes before it runs, the approvals are void." in (
        council.card
    )
    council.quay.garage.add("acme+ci", created=START)
    await approve(council, council.bob)
    await approve(council, council.carol)
    assert council.quay.garage.tokens == []
    assert council.request.stage == "void"

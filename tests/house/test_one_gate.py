"""Nobody goes around the gate: whoever gets a Quay of a person's own, without it, is listed here with the reason."""

import pytest

from tests.house.tree import files, text_of

WITHOUT_THE_GATE = {
    "bot/operator/somebody.py": "`quaybot policy test`: which teams is that person in?",
    "bot/operator/subscription_owners.py": "`quaybot apply`: are the owners in a file admins of their repositories?",
    "bot/services/gate.py": "it is the gate",
    "bot/services/accounts.py": "whose token is this, and what may it do?",
    "bot/services/linking/flow.py": "whose token has Quay just given?",
    "bot/services/approving.py": "does the voter's token work, and who are they?",
    "bot/services/upkeep/eyes.py": "the bot's own looks for a subscription, and the test calls of its heartbeat",
    "bot/services/voting.py": "do the tokens of requester and voters still work, and whose are they?",
    "handlers/auditing.py": "may they see the lines of others?",
    "handlers/commands/unlink.py": "revokes the asker's own token",
    "handlers/commands/whoami.py": "asks about the asker's own token",
    "handlers/commands/why.py": "may they see the repository?",
    "handlers/subscription_finding.py": "may they touch the subscription that they name, of a channel elsewhere?",
    "handlers/acting/offering.py": "is whoever presses Undo one of the approvers?",
    "handlers/acting/nearby.py": "which repository do they mean, of those that they may list?",
    "handlers/suggesting/suggester.py": "what does the person's own account see, while they type into a form?",
    "handlers/jobs/follow_builds.py": "the bot's own look at a build that somebody has asked for",
}
ROOMS = ("bot/services/", "bot/demo/", "bot/operator/", "handlers/", "webhooks/")


def holders() -> set[str]:
    return {
        path.as_posix()
        for path in files()
        if path.suffix == ".py" and path.as_posix().startswith(ROOMS) and ".as_token(" in (text_of(path) or "")
    }


def test_only_the_listed_files_get_a_quay_without_the_gate():
    assert holders() - set(WITHOUT_THE_GATE) == set()


@pytest.mark.parametrize("path", sorted(WITHOUT_THE_GATE))
def test_what_is_listed_still_does(path):
    assert path in holders()

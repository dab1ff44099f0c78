"""Whatever happens in whatever order: it runs at most once, and never without enough people who may approve."""

import asyncio
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.acts import Stage
from bot.domain.people import Person
from bot.ports import Build, BuildRequest
from bot.rules.policy import Decision, Effect
from handlers.jobs.expire_approvals import JOB
from tests.handlers.council import CAROL, DAVE, NEW, OLD, Council

ALICE, BOB, EVE = Person("T1", "U-ALICE"), Person("T1", "U-BOB"), Person("T1", "U-EVE")
EVERYBODY = (ALICE, BOB, CAROL, DAVE, EVE)
USERNAMES = {ALICE: "alice", BOB: "bob", CAROL: "carol", DAVE: "dave", EVE: "bob"}  # Eve shares Bob's account

who = st.sampled_from(EVERYBODY)
STEPS = st.one_of(
    st.tuples(st.just("vote"), who),
    st.tuples(st.just("vote"), who),
    st.tuples(st.just("together"), who, who),
    st.tuples(st.just("deny"), who),
    st.tuples(st.sampled_from(["leave", "join", "unlink", "link"]), who),
    st.tuples(st.sampled_from(["move", "back", "late", "job", "freeze", "thaw", "more", "less", "open"])),
)


class Watched(Council):
    """Looks, at the moment when it runs, whether it may."""

    def __init__(self) -> None:
        super().__init__()
        for person in EVERYBODY:
            self.links(person, USERNAMES[person])
        self.rulings.members.add("U-EVE")
        self.wrong: list[str] = []

    def look(self) -> None:
        request, rulings = self.request, self.rulings
        asked = rulings.decision.needed if rulings.decision.effect is Effect.APPROVE else request.needed
        agree = {
            vote.username
            for vote in request.votes
            if vote.person.user in rulings.members and self.accounts.kept.get(vote.person) and vote.person != ALICE
        }
        checks = {
            "enough people": len(agree - {"alice"}) >= asked,
            "the policy": rulings.decision.effect is not Effect.DENY,
            "the digest": self.quay.digests["acme/web:v1"] == OLD,
            "the requester": ALICE in self.accounts.kept,
            "the stage": request.stage is Stage.RUNNING,
            "only once": self.ran == 1,
        }
        self.wrong += [name for name, holds in checks.items() if not holds]


async def step(council: Watched, what: str, *people: Person) -> None:
    name = council.request.name
    if what in ("vote", "together"):
        await asyncio.gather(*(council.presses("approval_approve", name, person) for person in people))
    elif what == "deny":
        await council.denies(name, people[0])
    elif what in ("leave", "join"):
        change = council.rulings.members.discard if what == "leave" else council.rulings.members.add
        change(people[0].user)
    elif what == "unlink":
        council.accounts.kept.pop(people[0], None)
    elif what == "link":
        council.links(people[0], USERNAMES[people[0]])
    elif what in ("move", "back"):
        council.quay.digests["acme/web:v1"] = NEW if what == "move" else OLD
    elif what == "late":
        council.clock.time += timedelta(minutes=25)
    elif what == "job":
        await JOB.run(council.desk)
    elif what in ("freeze", "open"):
        council.rulings.decision = Decision(Effect.DENY if what == "freeze" else Effect.ALLOW, what)
    else:
        council.needs({"thaw": 2, "more": 3, "less": 1}[what])


@settings(deadline=None, max_examples=150)
@given(st.lists(STEPS, max_size=14))
def test_it_runs_at_most_once_and_only_with_enough_people_who_may(steps):
    async def story() -> Watched:
        council = Watched()
        quay = type(council.quay.as_token("x"))
        usual = quay.request_build

        async def watched(self: object, repository: str, request: BuildRequest) -> Build:
            build = await usual(self, repository, request)
            council.look()
            return build

        quay.request_build = watched
        try:
            await council.asks()
            for what, *people in steps:
                await step(council, what, *people)
                await asyncio.sleep(0)
        finally:
            quay.request_build = usual
        return council

    council = asyncio.run(story())
    assert council.wrong == []
    assert council.ran == (1 if council.request.stage is Stage.DONE else 0)
    assert len({card.key for card in council.approvals.cards}) == 1

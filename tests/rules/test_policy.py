"""The policy decides: tables, and laws over random policies."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.rules.policy import NOBODY_ASKED, Decision, Effect, Known, Policy, Rule, decide, wanted

ADA = Known(frozenset({"quay:ada", "group:S1"}))
ALLOW, DENY, APPROVE = Effect.ALLOW, Effect.DENY, Effect.APPROVE


def asking(name: str, number: int, **more) -> Rule:
    return Rule(name, APPROVE, approvers=("group:S9",), approvals=number, **more)


def decided(*rules: Rule, default: Effect = ALLOW, known: Known = ADA, act: str = "build", at: str = "acme/web:v1"):
    return decide(Policy(rules, default), act, at, "C1", known)


def short(decision: Decision) -> tuple[str, str, int]:
    return str(decision.effect), decision.rule, decision.needed


def test_without_rules_the_default_decides():
    assert decided() == NOBODY_ASKED
    assert short(decided(default=DENY)) == ("deny", "", 0)


@pytest.mark.parametrize(
    ("rules", "outcome"),
    [
        ([Rule("a", ALLOW), Rule("d", DENY)], ("deny", "d", 0)),
        ([asking("p", 3), Rule("d", DENY), Rule("a", ALLOW)], ("deny", "d", 0)),
        ([Rule("a", ALLOW), asking("p", 1)], ("approve", "p", 1)),
        ([asking("p", 1), asking("q", 2), asking("r", 2)], ("approve", "q", 2)),
        ([Rule("a", ALLOW), Rule("b", ALLOW)], ("allow", "a", 0)),
        ([Rule("d", DENY, unless=("group:S1",)), Rule("e", DENY, who=("group:S2",))], ("allow", "", 0)),
        ([Rule("d", DENY, unless=("*",))], ("allow", "", 0)),
        ([Rule("d", DENY, commands=("build cancel", "why"))], ("allow", "", 0)),
        ([Rule("d", DENY, targets=("acme/api",))], ("allow", "", 0)),
        ([Rule("d", DENY, channels=("C2",))], ("allow", "", 0)),
        ([Rule("d", DENY, ("quay:*", "quay:ada"), (), ("b*",), ("acme/*",), ("C2", "C1"))], ("deny", "d", 0)),
    ],
)
def test_deny_wins_then_most_approvals_then_allow(rules: list[Rule], outcome: tuple[str, str, int]):
    assert short(decided(*rules)) == outcome


def test_a_rule_for_others_does_not_let_anybody_in_where_nobody_may():
    rule = Rule("team", ALLOW, who=("group:S1",))
    assert short(decided(rule, default=DENY)) == ("allow", "team", 0)
    assert short(decided(rule, default=DENY, known=Known())) == ("deny", "", 0)


def test_a_decision_carries_what_its_rule_says():
    rule = asking("p", 2, reason="Releases.", expires=timedelta(hours=2), place="C9")
    assert decided(rule) == Decision(
        APPROVE, "p", "Releases.", ("group:S9",), 2, timedelta(hours=2), "C9", trace=("p (approve): applies",)
    )


@pytest.mark.parametrize(
    ("rule", "default", "outcome"),
    [
        (Rule("d", DENY, who=("group:S7",)), ALLOW, ("deny", "d", 0)),
        (Rule("d", DENY, unless=("group:S7",)), ALLOW, ("deny", "d", 0)),
        (asking("p", 1, who=("group:S7",)), ALLOW, ("approve", "p", 1)),
        (asking("p", 1, who=("group:S7",)), DENY, ("deny", "", 0)),
        (Rule("a", ALLOW, who=("group:S7",)), DENY, ("deny", "", 0)),
        (Rule("a", ALLOW, unless=("group:S7",)), DENY, ("deny", "", 0)),
    ],
)
def test_what_cannot_be_found_out_counts_against_the_person_and_is_named(rule, default, outcome):
    decision = decided(rule, default=default, known=Known(unknown=frozenset({"group:S7"})))
    assert short(decision) == outcome
    assert decision.unsure == "who is in the Slack user group S7"


def test_a_rule_that_is_sure_is_named_before_one_that_is_not():
    unknown = Known(ADA.holds, frozenset({"group:S7"}))
    decision = decided(Rule("maybe", DENY, who=("group:S7",)), Rule("sure", DENY), known=unknown)
    assert (decision.rule, decision.unsure) == ("sure", "")


def test_what_does_not_matter_makes_nothing_unsure():
    unknown = Known(ADA.holds, frozenset({"group:S7"}))
    assert decided(Rule("a", ALLOW, who=("group:S7",)), known=unknown).unsure == ""
    assert decided(Rule("d", DENY, who=("group:S7",), commands=("why",)), known=unknown).unsure == ""
    assert decided(Rule("d", DENY, who=("group:S7", "*")), known=unknown).unsure == ""


def test_every_rule_says_why_it_applies_or_not():
    rules = (
        Rule("a", DENY, commands=("build cancel", "why")),
        Rule("b", DENY, targets=("acme/api",)),
        Rule("c", DENY, channels=("C2",)),
        Rule("d", DENY, who=("group:S2",)),
        Rule("e", DENY, unless=("quay:ada",)),
        Rule("f", ALLOW, who=("group:S7",)),
        asking("g", 1, who=("group:S7",)),
        Rule("h", ALLOW),
    )
    assert decided(*rules, known=Known(ADA.holds, frozenset({"group:S7"}))).trace == snapshot(
        (
            "a (deny): not about this command, only build cancel, why",
            "b (deny): not about this target, only acme/api",
            "c (deny): not about this channel, only C2",
            "d (deny): not about this person, only members of the Slack user group S2",
            "e (deny): spares this person (unless: the Quay user ada)",
            "f (allow): it cannot be found out who is in the Slack user group S7, so it does not apply",
            "g (approve): it cannot be found out who is in the Slack user group S7, so it applies",
            "h (allow): applies",
        )
    )


def test_only_what_may_decide_has_to_be_found_out():
    rules = (
        Rule("a", DENY, who=("group:S2",), commands=("why",)),
        Rule("b", DENY, who=("group:S3",), targets=("acme/api",)),
        Rule("c", DENY, who=("group:S4",), channels=("C2",)),
        Rule("d", DENY, who=("group:S5",), unless=("team:acme/owners",), commands=("build",), targets=("acme/*",)),
        asking("p", 1),
    )
    assert wanted(Policy(rules), "build", "acme/web:v1", "C1") == {"group:S5", "team:acme/owners"}


# --- laws ---

WORDS = ("*", "user:U1", "group:S1", "channel:C1", "quay:ada", "team:acme/owners")
some_words = st.lists(st.sampled_from(WORDS), max_size=3).map(tuple)


@st.composite
def rules(draw, effects=tuple(Effect)) -> Rule:
    effect = draw(st.sampled_from(effects))
    return Rule(
        name=f"r{draw(st.integers(0, 10**9))}",
        effect=effect,
        who=draw(some_words),
        unless=draw(some_words),
        commands=tuple(draw(st.lists(st.sampled_from(["build", "build *", "*", "why"]), max_size=2))),
        targets=tuple(draw(st.lists(st.sampled_from(["acme/*", "acme/web:v*", "other/*"]), max_size=2))),
        channels=tuple(draw(st.lists(st.sampled_from(["C1", "C2"]), max_size=1))),
        approvers=("group:S9",) if effect is APPROVE else (),
        approvals=draw(st.integers(1, 3)) if effect is APPROVE else 0,
    )


policies = st.builds(Policy, st.lists(rules(), max_size=6).map(tuple), st.sampled_from([ALLOW, DENY]))
acts = st.tuples(
    st.sampled_from(["build", "build cancel", "why", ""]),
    st.sampled_from(["acme/web", "acme/web:v1", "other/x", ""]),
    st.sampled_from(["C1", "C2", ""]),
)
known = st.builds(
    lambda answers: Known(
        frozenset(word for word, answer in answers.items() if answer),
        frozenset(word for word, answer in answers.items() if answer is None),
    ),
    st.fixed_dictionaries({word: st.sampled_from([True, False, None]) for word in WORDS[1:]}),
)


def strictness(decision: Decision) -> tuple[int, int]:
    return [ALLOW, APPROVE, DENY].index(decision.effect), decision.needed


@given(policies, acts, known, rules(effects=(DENY,)))
def test_law_another_deny_rule_never_allows_more(policy, act, known, rule):
    more = replace(policy, rules=(*policy.rules, rule))
    assert strictness(decide(more, *act, known)) >= strictness(decide(policy, *act, known))


@given(policies, acts, known, st.randoms(use_true_random=False))
def test_law_the_order_of_rules_changes_no_effect(policy, act, known, random):
    shuffled = list(policy.rules)
    random.shuffle(shuffled)
    other = replace(policy, rules=tuple(shuffled))
    assert strictness(decide(other, *act, known)) == strictness(decide(policy, *act, known))


@given(policies, acts, known)
def test_law_what_is_unknown_never_helps(policy, act, known):
    found = strictness(decide(policy, *act, known))
    unknown = sorted(known.unknown)
    for answers in product([True, False], repeat=len(unknown)):
        truth = Known(known.holds | {word for word, holds in zip(unknown, answers, strict=True) if holds})
        assert found >= strictness(decide(policy, *act, truth))


@given(acts, known)
def test_law_denying_by_default_without_rules_denies_all(act, known):
    assert decide(Policy(default=DENY), *act, known).effect is DENY


@given(policies, st.tuples(st.text(max_size=9), st.text(max_size=9), st.text(max_size=9)), known)
def test_law_everything_is_decided_with_a_line_for_each_rule(policy, act, known):
    decision = decide(policy, *act, known)
    assert len(decision.trace) == len(policy.rules)
    assert decision.rule in {"", *(rule.name for rule in policy.rules)}
    assert not decision.unsure or known.unknown


@given(policies, acts, known)
def test_law_only_what_is_wanted_matters(policy, act, known):
    needed = wanted(policy, *act)
    less = Known(known.holds & needed, known.unknown & needed)
    assert decide(policy, *act, less) == decide(policy, *act, known)


# --- what more an act reaches, and what else it is called ---

EVERYTHING = (
    ("restore", "acme/web:v1"),
    ("logs", "acme/web"),
    ("robot regenerate", "acme+ci"),
    ("robot list", "acme"),
    ("logs", "acme"),
    ("repos", "acme"),
)


@pytest.mark.parametrize(("act", "at"), EVERYTHING)
@pytest.mark.parametrize("rule", [Rule("r", DENY, targets=("acme/*",)), asking("r", 1, targets=("acme/*",))])
def test_hands_off_a_namespace_holds_for_its_robots_and_for_itself(rule: Rule, act: str, at: str):
    assert decided(rule, act=act, at=at).effect is rule.effect
    assert decided(rule, act=act, at=at.replace("acme", "other")).effect is ALLOW


@pytest.mark.parametrize(("act", "at"), [("logs", "acme"), ("repos", "acme")])
def test_what_shows_a_whole_namespace_does_not_go_around_a_rule_for_a_part_of_it(act: str, at: str):
    rule = Rule("secret", DENY, commands=("logs", "repos"), targets=("acme/secret*",))
    assert decided(rule, act=act, at=at).effect is DENY
    assert decided(rule, act=act, at="acme/web").effect is ALLOW


@pytest.mark.parametrize(("act", "at"), EVERYTHING)
def test_a_rule_that_allows_means_exactly_what_is_written(act: str, at: str):
    narrow = decided(Rule("team", ALLOW, targets=("acme/*",)), default=DENY, act=act, at=at)
    assert narrow.effect is (ALLOW if "/" in at else DENY)
    assert (
        decided(Rule("team", ALLOW, targets=("acme", "acme/*", "acme+*")), default=DENY, act=act, at=at).effect is ALLOW
    )


def test_what_concerns_the_whole_registry_is_reached_by_stars_alone():
    for pattern, effect in (("*", DENY), ("**", DENY), ("acme/*", ALLOW), ("*/*", ALLOW), ("?*", ALLOW)):
        assert decided(Rule("d", DENY, targets=(pattern,)), act="search", at="").effect is effect


def test_a_rule_holds_by_any_name_of_the_act():
    policy = Policy((Rule("no tag changes", DENY, who=("group:S1",), commands=("tag *",)),))
    assert decide(policy, "restore", "acme/web:v1", "C1", ADA).effect is ALLOW
    assert decide(policy, "restore", "acme/web:v1", "C1", ADA, also=("tag restore",)).effect is DENY
    assert wanted(policy, "restore", "acme/web:v1", "C1") == frozenset()
    assert wanted(policy, "restore", "acme/web:v1", "C1", also=("tag restore",)) == {"group:S1"}

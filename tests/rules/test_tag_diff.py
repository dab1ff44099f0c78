"""What tells two images apart."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.images import Label, Layer, Platform, Vulnerability
from bot.domain.tag_steps import Findings, Labels, Parts, Platforms
from bot.rules.tag_diff import labels, layers, platforms, ranked, vulnerabilities


def test_layers_are_kept_added_and_removed() -> None:
    base, old, new = Layer("base", 10), Layer("old", 1), Layer("new", 2)
    assert layers((base, old), (base, new)) == Parts(kept=(base,), added=(new,), removed=(old,))


def test_a_layer_that_is_there_twice_needs_two_on_the_other_side() -> None:
    empty = Layer("empty", 32)
    assert layers((empty, empty), (empty,)) == Parts(kept=(empty,), removed=(empty,))


def test_platforms_are_compared_by_name() -> None:
    amd, amd2, arm, s390 = (
        Platform("1", "linux/amd64"),
        Platform("2", "linux/amd64"),
        Platform("3", "linux/arm64"),
        Platform("4", "linux/s390x"),
    )
    assert platforms((amd, arm), (amd2, s390)) == Platforms(changed=((amd, amd2),), added=(s390,), removed=(arm,))
    assert platforms((arm,), (arm,)) == Platforms(same=("linux/arm64",))


def test_a_label_with_another_value_is_changed_and_others_come_and_go() -> None:
    before = (Label("1", "version", "1", "manifest"), Label("2", "owner", "a", "api"))
    after = (Label("3", "version", "2", "manifest"), Label("4", "team", "web", "api"))
    assert labels(before, after) == Labels((after[1],), (before[1],), (("version", "1", "2"),))


def test_a_key_that_is_there_twice_is_not_called_changed() -> None:
    before = (Label("1", "k", "a", "api"), Label("2", "k", "b", "api"))
    after = (Label("3", "k", "c", "api"),)
    assert labels(before, after) == Labels(after, before)


def test_an_updated_package_with_the_same_fault_gains_and_loses_nothing() -> None:
    before, after = Vulnerability("CVE-1", "High", "xz", "1"), Vulnerability("CVE-1", "High", "xz", "2")
    assert vulnerabilities((before,), (after,)) == Findings(kept=(after,))


def test_the_worst_is_first_and_of_the_same_severity_what_can_be_fixed() -> None:
    low = Vulnerability("CVE-0", "Low", "a", fixed_by="2")
    no_fix, fix = Vulnerability("CVE-1", "High", "a"), Vulnerability("CVE-2", "High", "b", fixed_by="2")
    assert ranked((low, no_fix, fix)) == (fix, no_fix, low)


_layers = st.lists(st.sampled_from([Layer(name, size) for name, size in (("a", 1), ("b", 2), ("c", None))]), max_size=8)
_labels = st.lists(
    st.builds(Label, st.just(""), st.sampled_from("kl"), st.sampled_from("vw"), st.just("api")), max_size=5
)
_platforms = st.lists(st.builds(Platform, st.sampled_from("12"), st.sampled_from(("l/a", "l/b", "l/c"))), max_size=5)
_findings = st.lists(
    st.builds(
        Vulnerability,
        st.sampled_from(("CVE-1", "CVE-2", "CVE-3")),
        st.sampled_from(("Critical", "Low", "odd")),
        st.sampled_from(("xz", "zlib")),
        fixed_by=st.sampled_from(("", "2")),
    ),
    max_size=8,
)


@given(_layers, _layers)
def test_kept_and_removed_are_the_first_image_kept_and_added_the_second(
    first: list[Layer], second: list[Layer]
) -> None:
    found = layers(first, second)
    assert Counter(found.kept + found.removed) == Counter(first)
    assert Counter(found.kept + found.added) == Counter(second)
    assert not Counter(found.added) & Counter(found.removed)


@given(_layers, _labels, _platforms, _findings)
def test_an_image_does_not_differ_from_itself(
    one: list[Layer], tags: list[Label], machines: list[Platform], found: list[Vulnerability]
) -> None:
    assert layers(one, one) == Parts(kept=tuple(one))
    assert labels(tags, tags) == Labels()
    same = platforms(machines, machines)
    assert (same.added, same.removed, same.changed) == ((), (), ())
    same_findings = vulnerabilities(found, found)
    assert (same_findings.gained, same_findings.lost) == ((), ())
    assert len(same_findings.kept) == len({(each.name, each.package) for each in found})


@given(_findings, _findings)
def test_what_is_gained_one_way_is_lost_the_other(one: list[Vulnerability], other: list[Vulnerability]) -> None:
    there, back = vulnerabilities(one, other), vulnerabilities(other, one)
    assert (there.gained, there.lost) == (back.lost, back.gained)
    assert {(each.name, each.package) for each in there.kept} == {(each.name, each.package) for each in back.kept}


@given(_labels, _labels)
def test_labels_lose_nothing(first: list[Label], second: list[Label]) -> None:
    found = labels(first, second)
    before, after = Counter((one.key, one.value) for one in first), Counter((one.key, one.value) for one in second)
    come = Counter((one.key, one.value) for one in found.added) + Counter((key, new) for key, _, new in found.changed)
    gone = Counter((one.key, one.value) for one in found.removed) + Counter((key, old) for key, old, _ in found.changed)
    assert come == after - before
    assert gone == before - after


@given(_findings)
def test_ranking_loses_nothing(found: list[Vulnerability]) -> None:
    assert Counter(ranked(found)) == Counter(found)

"""Names as registries, git hosts and Quay really have them, and strategies for more of their kind."""

import string

from hypothesis import strategies as st

_LOW = string.ascii_lowercase + string.digits
_WORD = string.ascii_letters + string.digits + "_"

TAGS = [
    "latest",
    "v1.2.3",
    "1.2.3-rc.1",
    "7",
    "_hidden",
    "2024-05-01T10-11-12Z",
    "sha-0123abc",
    "sha256-44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a.sig",
    "release-2.x_LTS",
    "feature--x__y..z",
    "a" * 128,
    "v1." + "0." * 62 + "0",
]
REPOSITORIES = [
    "acme/web",
    "acme/app-1.x_y",
    "library/a",
    "acme/team/sub/service",
    "red.hat-1_x/quay.io-mirror",
    f"acme/{'r' * 128}",
    f"{'n' * 128}/{'deep/' * 20}x",
]
REFS = [
    "refs/heads/main",
    "refs/heads/feature/PAY-12_new.login",
    "refs/heads/dependabot/npm_and_yarn/@types/node-20.1.0",
    "refs/tags/v1.2.3+build.7",
    "refs/heads/renovate/ünïcode",
    "main",
    f"refs/heads/{'x' * 128}",
]
ACCOUNTS = ["alice", "bob.b-c_d", "acme+ci", "acme+deploy_1", "a0", "red.hat-1+" + "r" * 128]

tags = st.sampled_from(TAGS) | st.builds(
    "".join, st.tuples(st.text(_WORD, min_size=1, max_size=1), st.text(_WORD + ".-", max_size=127))
)
_part = st.builds("".join, st.tuples(st.text(_LOW, min_size=1, max_size=1), st.text(_LOW + "._-", max_size=127)))
repositories = st.sampled_from(REPOSITORIES) | st.builds(
    lambda namespace, parts: "/".join([namespace, *parts]), _part, st.lists(_part, min_size=1, max_size=3)
)
refs = st.sampled_from(REFS) | st.builds(
    lambda kind, name: f"refs/{kind}/{name}",
    st.sampled_from(["heads", "tags"]),
    st.text(_WORD + "/.-+@#é", min_size=1, max_size=128),
)
accounts = st.sampled_from(ACCOUNTS) | st.builds(lambda a, b: f"{a}+{b}", _part, _part) | _part

"""Links to pages of our Quay, and everything that only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.urls import build_url, repository_url, tag_url
from bot.rules.quay_links import QuayLink, quay_link, unfurl_domain

QUAY = "https://quay.example.com"
DIGEST = "sha256:" + "1a" * 32
BUILD = "0f4c2b1a-1111-2222-3333-444455556666"

parts = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,20}", fullmatch=True).filter(
    lambda part: part not in {"tag", "build", "manifest"}
)
repositories = st.lists(parts, min_size=2, max_size=4).map("/".join)
tags = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}", fullmatch=True)


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("/repository/acme/web", QuayLink("acme/web")),
        ("/repository/acme/web/", QuayLink("acme/web")),
        ("/repository/acme/web?tab=tags", QuayLink("acme/web")),
        ("/repository/acme/web?tab=tags&tag=v1.2", QuayLink("acme/web", tag="v1.2")),
        ("/repository/acme/web?tab=tags&amp;tag=v1.2", QuayLink("acme/web", tag="v1.2")),
        ("/repository/acme/web/tag/v1", QuayLink("acme/web", tag="v1")),
        ("/repository/acme/team/app/web/tag/v1", QuayLink("acme/team/app/web", tag="v1")),
        (f"/repository/acme/web/manifest/{DIGEST}", QuayLink("acme/web", digest=DIGEST)),
        (f"/repository/acme/web/manifest/{DIGEST}?tab=packages", QuayLink("acme/web", digest=DIGEST)),
        (f"/repository/acme/web/manifest/{DIGEST.replace(':', '%3A')}", QuayLink("acme/web", digest=DIGEST)),
        (f"/repository/acme/web/build/{BUILD}", QuayLink("acme/web", build=BUILD)),
        ("/repository/acme/tag", QuayLink("acme/tag")),
        ("/repository/acme/web#tag", QuayLink("acme/web")),
    ],
)
def test_pages_of_repositories_are_known(path: str, link: QuayLink) -> None:
    assert quay_link(QUAY + path, QUAY) == link


@pytest.mark.parametrize(
    "url",
    [
        "https://quay.example.com",
        "https://quay.example.com/organization/acme",
        "https://quay.example.com/repository/acme",
        "https://quay.example.com/repository/",
        "https://quay.example.com/repository/acme/web/tag/-v1",
        "https://quay.example.com/repository/acme/web/build/1",
        "https://quay.example.com/repository/acme/web/manifest/sha256:12",
        "https://quay.example.com/repository/acme/..%2f..%2fapi",
        "https://quay.example.com/repository/acme/../superuser/x",
        "https://quay.example.com/repository/acme%2Fweb",
        "https://quay.example.com/repository/ACME/Web",
        "https://quay.example.com/repository/acme/web?tag=%3C!channel%3E",
        "https://quay.example.com/repository//acme/web",
        "https://quay.example.com/repository/acme/web%00",
        "https://quay.example.com/api/v1/repository/acme/web",
        "https://quay.example.com.evil.example/repository/acme/web",
        "https://evil.example/quay.example.com/repository/acme/web",
        "https://quay.example.com@evil.example/repository/acme/web",
        "https://evil.example#@quay.example.com/repository/acme/web",
        "https://evil@quay.example.com/repository/acme/web",
        "https://user:pass@quay.example.com/repository/acme/web",
        "https://evil.example\\@quay.example.com/repository/acme/web",
        "https://xquay.example.com/repository/acme/web",
        "https://example.com/repository/acme/web",
        "https://quay.example.com:8443/repository/acme/web",
        "https://quay.example.com:99999/repository/acme/web",
        "https://quay.exаmple.com/repository/acme/web",  # a letter that only looks like an a
        "ftp://quay.example.com/repository/acme/web",
        "javascript://quay.example.com/repository/acme/web",
        "//quay.example.com/repository/acme/web",
        "https://[quay.example.com/repository/acme/web",
        "https://quay.example.com/repository/acme/web\nHost: evil.example",
        "https://quay.example.com/repository/acme/" + "w" * 300,
        "https://quay.example.com/repository/acme/web?" + "a=1&" * 500,
    ],
)
def test_other_pages_and_links_that_only_look_like_ours_are_none(url: str) -> None:
    assert quay_link(url, QUAY) is None


def test_http_and_https_are_the_same_place_where_no_port_is_named() -> None:
    assert quay_link("http://QUAY.example.com/repository/acme/web", QUAY) == QuayLink("acme/web")
    assert quay_link("https://quay.example.com:443/repository/acme/web", QUAY) == QuayLink("acme/web")


def test_a_quay_on_a_port_or_below_a_path_has_its_pages_there() -> None:
    home = "http://quay.example.com:8080/registry/"
    assert quay_link("http://quay.example.com:8080/registry/repository/acme/web", home) == QuayLink("acme/web")
    assert quay_link("http://quay.example.com:8080/repository/acme/web", home) is None
    assert quay_link("http://quay.example.com/registry/repository/acme/web", home) is None


@given(repositories, tags)
def test_the_links_that_we_make_are_read_back(repository: str, tag: str) -> None:
    assert quay_link(repository_url(QUAY, repository), QUAY) == QuayLink(repository)
    assert quay_link(tag_url(QUAY, repository, tag), QUAY) == QuayLink(repository, tag=tag)
    assert quay_link(tag_url(QUAY, repository, DIGEST), QUAY) == QuayLink(repository, digest=DIGEST)
    assert quay_link(build_url(QUAY, repository, BUILD), QUAY) == QuayLink(repository, build=BUILD)


@given(st.text(max_size=60), st.sampled_from(["", "https://", QUAY, f"{QUAY}/repository/", f"{QUAY}/repository/a/b"]))
def test_whatever_is_shared_is_read_or_none(text: str, start: str) -> None:
    found = quay_link(start + text, QUAY)
    if found is not None:
        assert found.repository.isascii()
        assert found.repository.count("/") >= 1
        assert sum(map(bool, (found.tag, found.digest, found.build))) <= 1
        assert not {*"<>|&`*\n "} & {*found.repository, *found.tag}


@given(st.from_regex(r"[a-z0-9.-]{1,30}", fullmatch=True), repositories)
def test_links_to_other_hosts_are_none(host: str, repository: str) -> None:
    if host != "quay.example.com":
        assert quay_link(f"https://{host}/repository/{repository}", QUAY) is None


@pytest.mark.parametrize(
    ("quay_url", "domain"),
    [
        ("https://quay.example.com", "quay.example.com"),
        ("https://QUAY.example.com:8443/x", "quay.example.com"),
        ("https://quay.io", "quay.io"),
        ("https://quay", ""),
        ("http://localhost:8080", ""),
        ("http://10.0.0.5", ""),
        ("http://[::1]:8080", ""),
        ("http://999.999.999.999", ""),
        ("", ""),
        ("quay.io", ""),
    ],
)
def test_slack_knows_links_by_a_domain_only(quay_url: str, domain: str) -> None:
    assert unfurl_domain(quay_url) == domain

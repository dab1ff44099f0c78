"""Which repository a word means."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import UserError
from handlers.grammar import Reference, reference

QUAY = "https://quay.example"
FORMS = {
    "acme/web": Reference("acme/web"),
    "acme/team/api": Reference("acme/team/api"),
    "acme/web:v1.2": Reference("acme/web", "v1.2"),
    "acme/team/api:latest": Reference("acme/team/api", "latest"),
    "quay.example/acme/web": Reference("acme/web"),
    "QUAY.example/acme/web:v1": Reference("acme/web", "v1"),
    "https://quay.example/acme/web": Reference("acme/web"),
    "http://quay.example/acme/web:v1": Reference("acme/web", "v1"),
    "https://quay.example/repository/acme/web": Reference("acme/web"),
    "https://quay.example/repository/acme/web/": Reference("acme/web"),
    "https://quay.example/repository/acme/web?tab=tags&tag=v1": Reference("acme/web", "v1"),
    "https://quay.example/repository/acme/web?tab=builds#top": Reference("acme/web"),
    "https://quay.example/repository/acme/web/tag/v1": Reference("acme/web", "v1"),
    "https://quay.example/repository/acme/web/build/5c1f0a52": Reference("acme/web"),
    "https://quay.example/repository/acme/team/api/manifest/sha256:ab": Reference("acme/team/api"),
    "https://quay.example/repository/acme/build": Reference("acme/build"),
    "http://acme.io/web": Reference("acme.io/web"),  # Slack takes a dotted namespace for a host
    "http://acme.io/web:v1": Reference("acme.io/web", "v1"),
    "acme/web/": Reference("acme/web"),
    "my_org/my-app.2": Reference("my_org/my-app.2"),
}
WRONG = {
    "web": "That does not look like a repository: “web”. Write it as namespace/name, e.g. acme/web",
    "": "That does not look like a repository: “”. Write it as namespace/name, e.g. acme/web",
    "acme/": "That does not look like a repository: “acme/”. Write it as namespace/name, e.g. acme/web",
    "acme//web": "That does not look like a repository: “acme//web”. Write it as namespace/name, e.g. acme/web",
    "acme/../web": "That does not look like a repository: “acme/../web”. Write it as namespace/name, e.g. acme/web",
    "acme/wéb": "That does not look like a repository: “acme/wéb”. Write it as namespace/name, e.g. acme/web",
    "Acme/Web": "Quay's names are lower-case. Did you mean acme/web?",
    "acme/web:": "The tag is missing after the colon in “acme/web:”.",
    "acme/web@sha256:0b1c": "“acme/web@sha256:0b1c” names a digest. Name the repository, or a tag of it: acme/web:v1.2",
    "quay.io/acme/web": "That is on quay.io, but I work with quay.example. Write it as namespace/name, e.g. acme/web",
    "localhost:5000/acme": "That is on localhost:5000, but I work with quay.example. "
    "Write it as namespace/name, e.g. acme/web",
    "https://quay.io/repository/acme/web": "That is on quay.io, but I work with quay.example. "
    "Write it as namespace/name, e.g. acme/web",
}


@pytest.mark.parametrize("word", FORMS)
def test_every_way_to_write_a_repository_is_understood(word):
    assert reference(word, QUAY) == FORMS[word]


@pytest.mark.parametrize("word", WRONG)
def test_what_is_no_repository_is_explained(word):
    with pytest.raises(UserError) as caught:
        reference(word, QUAY)
    assert caught.value.say == WRONG[word]


def test_a_tag_that_cannot_be_is_explained():
    with pytest.raises(UserError, match="cannot be a tag"):
        reference("acme/web:-v1", QUAY)


def test_the_port_is_part_of_the_host():
    assert reference("localhost:8080/acme/web:v1", "http://localhost:8080") == Reference("acme/web", "v1")


@settings(deadline=None)
@given(st.text() | st.from_regex(r"(https?://)?[a-z.:\[\]]*(/[a-zA-Z.%/]*)?(\?tag=.*)?", fullmatch=True))
def test_whatever_is_written_gives_a_repository_or_a_user_error(word):
    try:
        found = reference(word, QUAY)
    except UserError:
        return
    assert "/" in found.repository
    assert found.repository == found.repository.lower()
    assert not found.repository.startswith("quay.example/")


@settings(deadline=None)
@given(
    st.lists(st.from_regex(r"[a-z0-9][a-z0-9_-]{0,20}", fullmatch=True), min_size=2, max_size=4),
    st.from_regex(r"\w[\w.-]{0,20}", fullmatch=True).filter(str.isascii),
)
def test_names_come_back_from_all_their_forms(parts, tag):
    name = "/".join(parts)
    for form in (f"{name}:{tag}", f"quay.example/{name}:{tag}", f"https://quay.example/{name}:{tag}"):
        assert reference(form, QUAY) == Reference(name, tag)

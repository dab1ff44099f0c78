"""The picture of the demo page in the documents: one small SVG that needs nothing else."""

import re
from collections.abc import Iterator
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from tests.house.tree import ROOT
from tests.tools.svg import Drawing, whole

PICTURE = ROOT / "docs" / "demo.svg"
MOST_BYTES = 120 * 1024
SVG = "{http://www.w3.org/2000/svg}"
BLACK, NOTHING = [0, 0, 0, 1], [0, 0, 0, 0]


@pytest.fixture(scope="module")
def picture() -> ElementTree.Element:
    return ElementTree.parse(PICTURE).getroot()


def references(root: ElementTree.Element) -> Iterator[str]:
    """Everything in attributes and styles that names another place."""
    for element in root.iter():
        for name, value in element.attrib.items():
            if name.rpartition("}")[2] in {"href", "src"}:
                yield value
            yield from re.findall(r"url\(([^)]*)\)", value)
        if element.tag == f"{SVG}style":
            yield from re.findall(r"url\(([^)]*)\)|@import (.*)", element.text or "")


def test_the_picture_is_small():
    assert PICTURE.stat().st_size < MOST_BYTES


def test_the_picture_has_words_for_those_who_cannot_see_it(picture: ElementTree.Element):
    words = {element.get("id"): element.text for element in picture.iter() if element.get("id")}

    assert picture.tag == f"{SVG}svg"
    assert picture.get("role") == "img"
    assert all(words[name] for name in (picture.get("aria-labelledby") or "").split())


def test_nothing_in_the_picture_runs(picture: ElementTree.Element):
    tags = {element.tag.removeprefix(SVG) for element in picture.iter()}
    attributes = {name for element in picture.iter() for name in element.attrib}

    assert tags & {"script", "foreignObject", "iframe", "image", "use", "a", "animate", "set"} == set()
    assert [name for name in attributes if name.startswith("on")] == []


def test_the_picture_leans_only_on_itself(picture: ElementTree.Element):
    ids = [element.get("id") for element in picture.iter() if element.get("id")]

    assert {name for name in references(picture) if name not in {f"#{one}" for one in ids}} == set()
    assert all(one != other for one, other in pairwise(sorted(filter(None, ids))))


def test_the_picture_shows_what_the_documents_promise(picture: ElementTree.Element):
    said = "\n".join("".join(element.itertext()) for element in picture.iter(f"{SVG}text"))

    for words in ("Build failed", "Build running", "vulnerability", "Only visible to you", "FAILED tests/", "Registry"):
        assert words in said


def drawn(*shapes: dict[str, object]) -> ElementTree.Element:
    page = {"width": 20, "height": 10, "items": shapes}
    return ElementTree.fromstring(whole(page, Drawing(lambda _: ("0 0 1 1", "")), "a <title>", "it & that"))


def text(said: str) -> dict[str, object]:
    look = {"size": 15, "weight": 400, "italic": False, "mono": False, "fill": BLACK, "opacity": 1, "alone": False}
    return {"kind": "text", "text": said, "x": 1.04, "y": 9, "width": 7.96, **look}


def test_foreign_words_stay_words_and_keep_their_width():
    [element] = drawn(text('a  <b> & "c"')).iter(f"{SVG}text")

    assert element.text == 'a\u00a0\u00a0<b> & "c"'
    assert (element.get("x"), element.get("textLength")) == ("1", "8")


def test_what_is_cut_off_on_the_page_is_cut_off_in_the_picture():
    clip = {"x": 0, "y": 0, "width": 5, "height": 5, "radii": [0, 2, 0, 2]}
    root = drawn({"kind": "group", "clip": clip, "items": [text("words")]})

    [group] = root.iter(f"{SVG}g")
    assert group.get("clip-path") == f"url(#{root.find(f'.//{SVG}clipPath').get('id')})"
    assert [child.tag for child in group] == [f"{SVG}text"]


def test_a_border_of_one_side_is_drawn_at_that_side():
    edges = [{"width": 0, "color": NOTHING}, {"width": 2, "color": BLACK}] + [{"width": 0, "color": NOTHING}] * 2
    box = {"kind": "box", "x": 1, "y": 2, "width": 10, "height": 5, "radii": [0] * 4, "fill": NOTHING, "opacity": 1}
    [edge] = drawn({**box, "gradient": None, "borders": edges}).iter(f"{SVG}rect")

    assert edge.attrib == {"x": "9", "y": "2", "width": "2", "height": "5", "fill": "#000"}

"""Changing tags and labels: exact calls, and each refusal with its own sentence."""

# ruff: noqa: E501 - what people read stands on one line

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import httpx
import pytest
from inline_snapshot import snapshot

from bot.domain.errors import BotError, GiveUp, Lacking, NotLinked, TryLater, UserError
from bot.domain.images import Label
from bot.ports import Quay, Tagging
from tests.adapters.quay_table import RECORDED, TOKEN, Table, registry_of

A = "sha256:" + "a" * 64
WEB = "/api/v1/repository/acme/web"
TAG = f"{WEB}/tag/latest"
AT = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)
MISSING = RECORDED["org_missing"]["answer"]
FORBIDDEN = {
    "detail": "Unauthorized",
    "error_message": "Unauthorized",
    "error_type": "insufficient_scope",
    "title": "insufficient_scope",
    "status": 403,
}

Wish = Callable[[Tagging], Awaitable[object]]
WISHES: dict[str, tuple[str, Wish]] = {
    "restore": (f"POST {TAG}/restore", lambda quay: quay.restore("acme/web", "latest", A)),
    "move": (f"PUT {TAG}", lambda quay: quay.move("acme/web", "latest", A)),
    "expire": (f"PUT {TAG}", lambda quay: quay.expire("acme/web", "latest", AT)),
    "delete": (f"DELETE {TAG}", lambda quay: quay.delete("acme/web", "latest")),
    "add label": (f"POST {WEB}/manifest/{A}/labels", lambda quay: quay.add_label("acme/web", A, "a.b", "x")),
    "remove label": (f"DELETE {WEB}/manifest/{A}/labels/l1", lambda quay: quay.remove_label("acme/web", A, "l1")),
}


def seen(table: Table, *, can_write: bool = True) -> Table:
    """The repository is there, and the asker sees it."""
    table.tell("GET /api/v1/user/", 200, {"username": "alice"})
    return table.tell(f"GET {WEB}", 200, {"can_write": can_write, "can_admin": False})


async def asked(table: Table, wish: Wish) -> object:
    async with registry_of(table) as registry:
        quay: Quay = registry.as_token(TOKEN)
        return await wish(quay.tagging)


async def told(table: Table, wish: Wish) -> tuple[str, str]:
    with pytest.raises(BotError) as caught:
        await asked(table, wish)
    assert TOKEN not in f"{caught.value!r}{caught.value.say}"
    return type(caught.value).__name__, caught.value.say


@pytest.mark.parametrize(
    ("name", "status", "answer", "body"),
    [
        ("restore", 200, {}, {"manifest_digest": A}),
        ("move", 201, "Updated", {"manifest_digest": A}),
        ("expire", 201, "Updated", {"expiration": 1796061600}),
    ],
)
async def test_a_tag_is_changed_by_one_exact_call(name: str, status: int, answer: object, body: object) -> None:
    what, wish = WISHES[name]
    table = Table().tell(what, status, answer)
    await asked(table, wish)
    assert table.asked == [what]
    assert json.loads(table.requests[0].content) == body
    assert table.requests[0].headers["Content-Type"] == "application/json"


async def test_a_tag_that_never_ends_has_no_expiration() -> None:
    table = Table().tell(f"PUT {TAG}", 201, "Updated")
    await asked(table, lambda quay: quay.expire("acme/web", "latest", None))
    assert json.loads(table.requests[0].content) == {"expiration": None}


async def test_a_deleted_tag_is_told_from_one_that_was_not_there() -> None:
    what, wish = WISHES["delete"]
    assert await asked(Table().tell(what, 204, ""), wish) is True
    assert await asked(seen(Table().tell(what, 404, MISSING)), wish) is False


async def test_a_repository_that_nobody_sees_is_not_taken_for_a_missing_tag() -> None:
    what, wish = WISHES["delete"]
    table = Table().tell(what, 404, MISSING).tell("GET /api/v1/user/", 200, {"username": "alice"})
    kind, say = await told(table.tell(f"GET {WEB}", 404, MISSING), wish)
    assert kind == "Unseen"
    assert "does not exist, or you (alice) may not see it" in say


async def test_a_404_is_no_missing_tag_if_nobody_knows_about_the_repository() -> None:
    what, wish = WISHES["delete"]
    table = Table().tell(what, 404, MISSING).breaks(f"GET {WEB}", httpx.ReadTimeout("slow"))
    assert await told(table, wish) == ("UserError", "There is no tag latest in acme/web.")


async def test_labels_come_back_as_quay_has_them() -> None:
    what, wish = WISHES["add label"]
    table = Table().tell(what, 201, {"label": {"id": "l1", "key": "a.b", "value": "x", "source_type": "api"}})
    assert await asked(table, wish) == Label("l1", "a.b", "x", "api")
    what, wish = WISHES["remove label"]
    table = Table().tell(what, 204, "")
    await asked(table, wish)
    assert table.asked == [what]


REFUSALS = {
    "restore: gone": ("restore", 404, MISSING),
    "restore: immutable": ("restore", 409, {"error_type": "tag_immutable", "detail": "x"}),
    "restore: mirror": ("restore", 503, {"message": "Repository is in read only or mirror mode: 2"}),
    "restore: read-only": ("restore", 503, {"message": "Repository is in read only or mirror mode: 1"}),
    "restore: registry": ("restore", 405, {"errors": [{"code": "DENIED", "is_readonly": True}]}),
    "restore: away": ("restore", 503, "<html>"),
    "move: bad name": ("move", 400, {"message": "Invalid tag: must match [A-Za-z0-9_.-], NOT start"}),
    "move: gone": ("move", 404, MISSING),
    "expire: past": ("expire", 400, {"message": "The browser (or proxy) sent a request"}),
    "expire: no tag": ("expire", 404, MISSING),
    "delete: immutable": ("delete", 409, {"error_type": "tag_immutable", "detail": "x"}),
    "label: reserved": ("add label", 400, {"message": "Label has a reserved prefix"}),
    "label: key": ("add label", 400, {"message": "Label is of an invalid format or missing please use ^[a-z]"}),
    "label: gone": ("add label", 404, MISSING),
    "label: fixed": ("remove label", 400, {"message": "Cannot delete immutable label"}),
}


async def test_each_refusal_has_its_own_sentence() -> None:
    sentences = {}
    for name, (wish, status, answer) in REFUSALS.items():
        sentences[name] = await told(seen(Table().tell(WISHES[wish][0], status, answer)), WISHES[wish][1])
    assert sentences == snapshot(
        {
            "restore: gone": (
                "NotThere",
                "Quay does not have the image sha256:aaaaaaaaaaaa in acme/web: it never was there, or Quay has deleted it for good since.",
            ),
            "restore: immutable": (
                "UserError",
                "The tag latest of acme/web is immutable, so it can be neither moved nor deleted. Whoever protects it can change that in Quay.",
            ),
            "restore: mirror": (
                "UserError",
                "acme/web is a mirror, so nothing can be built or changed there. An admin can change that in Quay.",
            ),
            "restore: read-only": (
                "UserError",
                "acme/web is read-only, so nothing can be built or changed there. An admin can change that in Quay.",
            ),
            "restore: registry": (
                "UserError",
                "The whole registry is read-only at the moment. Please try again when its maintenance is over.",
            ),
            "restore: away": (
                "TryLater",
                "Quay at quay.example is not available at the moment. Please try again in a minute.",
            ),
            "move: bad name": (
                "UserError",
                "Quay cannot have a tag of that name. Tags have 1 to 128 letters, digits, dots, dashes and underscores, and start with a letter, a digit or an underscore.",
            ),
            "move: gone": (
                "NotThere",
                "Quay does not have the image sha256:aaaaaaaaaaaa in acme/web: it never was there, or Quay has deleted it for good since.",
            ),
            "expire: past": (
                "UserError",
                "Quay takes only times to come for the end of a tag. Please name a later one.",
            ),
            "expire: no tag": ("NotThere", "There is no tag latest in acme/web."),
            "delete: immutable": (
                "UserError",
                "The tag latest of acme/web is immutable, so it can be neither moved nor deleted. Whoever protects it can change that in Quay.",
            ),
            "label: reserved": ("UserError", "Labels with that beginning are Quay's own. Please choose another key."),
            "label: key": (
                "UserError",
                "Quay cannot have a label with that key. Keys have small letters, digits, dots and dashes, and start and end with a letter or a digit.",
            ),
            "label: gone": ("NotThere", "There is no such label, or no living tag of acme/web has that image."),
            "label: fixed": ("UserError", "That label is part of the image itself, so it cannot be taken off."),
        }
    )


@pytest.mark.parametrize("name", WISHES)
async def test_who_may_only_read_learns_what_is_missing(name: str) -> None:
    what, wish = WISHES[name]
    with pytest.raises(Lacking) as caught:
        await asked(seen(Table().tell(what, 403, FORBIDDEN), can_write=False), wish)
    assert caught.value.needs == "write"
    assert "scope `repo:write`" in caught.value.say


@pytest.mark.parametrize("name", WISHES)
async def test_a_dead_token_is_told_as_such(name: str) -> None:
    what, wish = WISHES[name]
    table = Table().tell(what, 403, {"error": "CSRF token was invalid or missing."})
    with pytest.raises(NotLinked):
        await asked(table, wish)


@pytest.mark.parametrize("name", WISHES)
async def test_no_change_is_tried_twice_and_who_waited_in_vain_is_told_where_to_look(name: str) -> None:
    what, wish = WISHES[name]
    table = Table().breaks(what, httpx.ReadTimeout("slow"))
    with pytest.raises(TryLater) as caught:
        await asked(table, wish)
    assert caught.value.doubtful
    assert table.asked == [what]
    where = "the image's labels" if "label" in name else "`/quay tag history acme/web:latest`"
    assert where in caught.value.say


@pytest.mark.parametrize("name", WISHES)
async def test_a_crash_of_quay_is_no_refusal(name: str) -> None:
    what, wish = WISHES[name]
    with pytest.raises(GiveUp):
        await asked(Table().tell(what, 500, "<html>"), wish)


@pytest.mark.parametrize("tag", ["", "..", "x" * 256])
async def test_impossible_names_are_not_even_asked_about(tag: str) -> None:
    table = Table()
    with pytest.raises(UserError):
        await asked(table, lambda quay: quay.restore("acme/web", tag, A))
    assert table.asked == []

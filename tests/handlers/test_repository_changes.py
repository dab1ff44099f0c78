"""The two things of a repository that are changed from chat: who may see it, and its description."""

# ruff: noqa: E501 - golden sentences stand on one line

from datetime import timedelta

from inline_snapshot import snapshot

from bot.domain.offers import Purpose
from handlers.acts import describe
from tests.handlers.conftest import Office
from tests.handlers.repository_steps import announced, confirms, offered, plainly


async def test_making_public_warns_loudly_and_runs_after_one_yes(office: Office) -> None:
    office.quay.hall.has("acme/web", tags=3)
    shown = await office.says("visibility acme/web public")
    assert office.reads(shown) == snapshot(
        [
            "Please check what would happen:",
            """\
⚠️ *Make `acme/web` public*
*Everybody who reaches this registry can see and pull it then, without an account*: 3 tags, and whatever is pushed later.
Secrets in its images are public then, too. Making it private later takes nothing back that was pulled.
Who may push stays as it is.\
""",
            "Nothing is done yet. This offer is good until <!date^1795425000^{date_short_pretty} {time}|2026-11-23 09:10 UTC>.",
            "[Make it public] [Cancel]",
        ]
    )
    assert "set_visibility" not in [call[1] for call in office.quay.calls]
    done = await office.presses("confirm", offered(office))
    assert office.reads(done) == [
        ":white_check_mark: Done: you made `acme/web` *public*. Everybody can pull it. *Verified:* I read it back from Quay."
    ]
    assert announced(office) == snapshot(
        [
            ":white_check_mark: <@U-ALICE> made `acme/web` *public*. Everybody can pull it. *Verified:* I read it back from Quay.",
            "[Undo]",
            "Can be undone for 60 minutes. Reference KDWF-4071",
        ]
    )
    assert office.quay.hall.known["acme/web"].public


async def test_making_private_says_who_fails_then(office: Office) -> None:
    office.quay.hall.has("acme/web", public=True)
    assert office.reads(await office.says("visibility acme/web private")) == snapshot(
        [
            "Please check what would happen:",
            """\
*Make `acme/web` private*
Only people, teams and robot accounts with a role in it will see and pull it.
*Whoever pulls it without such a role fails from then on*: deployments without credentials, for example.\
""",
            "Nothing is done yet. This offer is good until <!date^1795425000^{date_short_pretty} {time}|2026-11-23 09:10 UTC>.",
            "[Make it private] [Cancel]",
        ]
    )


async def test_visibility_can_be_undone_as_long_as_nobody_has_changed_it(office: Office) -> None:
    office.quay.hall.has("acme/web")
    await confirms(office, "visibility acme/web public")
    await office.presses("undo", offered(office, Purpose.UNDO))
    assert not office.quay.hall.known["acme/web"].public


async def test_an_undo_leaves_alone_what_has_changed_since(office: Office) -> None:
    office.quay.hall.has("acme/web")
    await confirms(office, "visibility acme/web public")
    office.quay.hall.has("acme/web", public=False)
    calls = len(office.quay.calls)
    reply = await office.presses("undo", offered(office, Purpose.UNDO))
    assert office.reads(reply) == snapshot(["The visibility has changed since. So I left it as it is."])
    assert "set_visibility" not in [call[1] for call in office.quay.calls[calls:]]


async def test_what_is_so_already_needs_no_preview(office: Office) -> None:
    office.quay.hall.has("acme/web", public=True, description="x")
    said = [
        *office.reads(await office.says("visibility acme/web public")),
        *office.reads(await office.says("describe acme/web x")),
    ]
    assert said == snapshot(
        [
            "acme/web is public already. There is nothing to change.",
            "acme/web has exactly that description already. There is nothing to change.",
        ]
    )
    assert office.offers.kept == {}


async def test_whoever_lacks_the_role_is_told_before_any_preview(office: Office) -> None:
    office.quay.hall.has("acme/web", can_write=False, can_admin=False)
    said = [
        office.reads(await office.says("visibility acme/web public"))[0],
        office.reads(await office.says("describe acme/web x"))[0],
    ]
    assert said == snapshot(
        [
            "You can read acme/web but need admin there to change its visibility. Either ask an admin of acme/web for the role admin, or your linked token lacks the scope `repo:admin`: then run `/quay link` again.",
            "You can read acme/web but need write there to change its description. Either ask an admin of acme/web for the role write, or your linked token lacks the scope `repo:write`: then run `/quay link` again.",
        ]
    )
    assert office.offers.kept == {}


async def test_a_change_that_does_not_show_is_not_called_done(office: Office) -> None:
    office.quay.hall.has("acme/web", description="old")
    office.quay.hall.stubborn = True
    seen = office.reads(await confirms(office, "visibility acme/web public"))
    other = office.reads(await confirms(office, "describe acme/web new"))
    assert [seen, other] == snapshot(
        [
            [
                ":warning: Please look at this: you made `acme/web` *public*. Everybody can pull it. Quay accepted it, but when I looked again, it is *private*: somebody may have changed it back."
            ],
            [
                ":warning: Please look at this: you changed the description of `acme/web`. Quay accepted it, but when I looked again, it is another one: somebody may have changed it again."
            ],
        ]
    )
    told = [office.words(one.payload["blocks"]) for one in office.notices.said.values()]
    assert told
    assert all(one[0].startswith(":warning: <@U-ALICE> ") and "[Undo]" not in one for one in told)


async def test_a_description_is_shown_old_and_new_and_changed(office: Office) -> None:
    office.quay.hall.has("acme/web", description="old *one*")
    assert office.reads(await office.says('describe acme/web "new one"')) == snapshot(
        [
            "Please check what would happen:",
            "*Change the description of `acme/web`*",
            """\
*Now:*
```
old *one*
```\
""",
            """\
*Then:*
```
new one
```\
""",
            "Nothing is done yet. This offer is good until <!date^1795425000^{date_short_pretty} {time}|2026-11-23 09:10 UTC>.",
            "[Change it] [Cancel]",
        ]
    )
    await office.presses("confirm", offered(office))
    assert office.quay.hall.known["acme/web"].description == "new one"
    assert announced(office) == snapshot(
        [
            ":white_check_mark: <@U-ALICE> changed the description of `acme/web`. *Verified:* I read it back from Quay.",
            """\
*Now:*
```
new one
```\
""",
            "[Undo]",
            "Can be undone for 60 minutes. Reference KDWF-4071",
        ]
    )
    await office.presses("undo", offered(office, Purpose.UNDO))
    assert office.quay.hall.known["acme/web"].description == "old *one*"


async def test_a_description_can_be_taken_away(office: Office) -> None:
    office.quay.hall.has("acme/web", description="old")
    await confirms(office, 'describe acme/web ""')
    assert office.quay.hall.known["acme/web"].description == ""


async def test_a_long_description_is_sealed_and_told_apart_by_its_hash(office: Office) -> None:
    office.quay.hall.has("acme/web")
    text = "long " * 200
    act = describe.wanted("acme/web", text)
    assert act.hidden == {"description": text}
    assert describe.wanted("acme/web", f"{text}!").parameters != act.parameters
    await confirms(office, f'describe acme/web "{text}"')
    assert office.quay.hall.known["acme/web"].description == text


async def test_a_description_that_changes_under_the_preview_is_not_overwritten(office: Office) -> None:
    office.quay.hall.has("acme/web", description="old")
    await office.says("describe acme/web new")
    office.quay.hall.has("acme/web", description="somebody else's")
    assert plainly(office.reads(await office.presses("confirm", offered(office)))) == snapshot(
        ["The description has changed since. Ask again to see how things are now.", "Reference KDWF-4071"]
    )
    assert office.quay.hall.known["acme/web"].description == "somebody else's"


async def test_an_old_offer_is_over(office: Office) -> None:
    office.quay.hall.has("acme/web")
    await office.says("visibility acme/web public")
    office.clock.time += timedelta(minutes=11)
    await office.presses("confirm", offered(office))
    assert not office.quay.hall.known["acme/web"].public

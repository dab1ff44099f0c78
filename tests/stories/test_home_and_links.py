"""The Home tab, links to Quay in messages, and the morning after quiet hours; over real HTTP, with the real store."""

from bot.domain.acts import Outcome
from bot.domain.digests import Rhythm
from tests.stories.reading import Json, read, words
from tests.stories.scenery import DEV, PEOPLE, PRIVATE
from tests.stories.world import World, body_of

WEB = "acme/web"


async def home(world: World, name: str, *expected: str) -> str:
    """The person's Home tab as they read it, as soon as it says that."""

    def look() -> str:
        view = world.slack.home(PEOPLE[name])
        text = read(view) if view else ""
        return text if all(one in text for one in expected) else ""

    return await world.slack.wait(look)


async def said(world: World, expected: str) -> Json:
    """What the channel reads, as soon as it says that."""
    found = await world.shown(DEV, lambda every: next((one for one in every if expected in words(one)), None))
    assert found
    return found


async def below(world: World, channel: str, ts: str) -> list[Json]:
    """What stands below a message, as soon as something does."""

    def look() -> list[Json]:
        found: list[Json] = next(one for one in world.slack.messages(channel) if one["ts"] == ts)["attachments"]
        return found

    return await world.slack.wait(look)


async def test_the_home_tab_follows_what_somebody_does(world: World) -> None:
    assert (await world.slack.open_home(PEOPLE["alice"])).status == 200
    await home(world, "alice", "No account of yours", "None yet.")
    await world.links("alice")
    await world.types("alice", "/quay digest daily 09:00")
    await said(world, "set summaries for this channel")
    await world.slack.open_home(PEOPLE["alice"])
    shown = await home(world, "alice", "You are *alice*", "`digest`", "done")
    assert "Undo" in shown
    await world.slack.click_home(PEOPLE["alice"], "undo")
    await said(world, "Undone by")
    assert (await world.app.store.channels.of(DEV)).rhythm.digest == ""
    await world.slack.click_home(PEOPLE["alice"], "home_unlink")
    await home(world, "alice", "No account of yours")


async def test_a_link_shows_as_much_as_everybody_in_the_channel_may_see(world: World) -> None:
    world.slack.unfurl_domains, world.slack.any_domain = ["127.0.0.1"], True
    world.slack.channels[PRIVATE].members.add(world.slack.bot_user)
    await world.links("alice")
    world.quay.push(WEB, "v1", by="bob")
    link = f"{world.quay.url}/repository/{WEB}?tab=tags&tag=v1"
    public = await world.slack.share(PEOPLE["alice"], DEV, f"look at {link}")
    unlinked = await world.slack.share(PEOPLE["bob"], PRIVATE, f"look at {link}")
    private = await world.slack.share(PEOPLE["alice"], PRIVATE, f"look at {link}")
    [shown] = await below(world, PRIVATE, private)
    assert shown["from_url"] == link
    assert "acme/web:v1" in read(shown)
    world.quay.repositories[WEB].public = True
    assert len(await below(world, DEV, await world.slack.share(PEOPLE["alice"], DEV, link))) == 1
    untouched = [one for one in (*world.slack.messages(DEV), *world.slack.messages(PRIVATE)) if not one["attachments"]]
    assert [one["ts"] for one in untouched] == [public, unlinked]
    outcomes = [deed.outcome for deed in await world.deeds() if deed.act.name == "unfurl"]
    assert (outcomes.count(Outcome.REFUSED), outcomes.count(Outcome.DONE)) == (1, 2)
    assert world.calls("chat.unfurl") == 2


async def test_the_morning_after_tells_what_quiet_hours_kept_out(world: World) -> None:
    now = world.app.clock.now()
    start, end = f"{now:%H}:00", f"{(now.hour + 2) % 24:02}:00"
    rhythm = Rhythm("UTC", f"{start}-{end}", told_at=now)
    await world.app.store.channels.set_rhythm(DEV, Rhythm(), rhythm)
    url = await world.hook("repo_push", WEB, DEV)
    for tag in ("v1", "v2"):
        await world.deliver(url, body_of("repo_push", repository=WEB, updated_tags=[tag]))
    await world.settled()
    assert world.slack.messages(DEV) == []
    world.leap(hours=2)
    await world.app.desk.upkeep.digesting.run()  # as the job does that comes up every few seconds
    told = read(await said(world, "While it was quiet"))
    assert "acme/web: 2 pushes" in told
    assert "Kept out: 2 by quiet hours." in told
    why = read(await world.hears("alice", f"/quay why {WEB}"))
    assert "quiet hours until" in why

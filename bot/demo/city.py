"""Who lives in the demo: people, channels, repositories, and a little history."""

from datetime import timedelta

from bot.app import App
from bot.domain.people import Person
from bot.domain.subscriptions import Subscription
from bot.fakes.quay import FakeBuild, FakeQuay, Finding, layer
from bot.fakes.slack import FakeSlack
from bot.rules.subscribing import wanted
from bot.services.subscribing import add

PEOPLE = {"alice": "U0ALICE", "bob": "U0BOB", "carol": "U0CAROL", "dave": "U0DAVE"}
CHANNELS = {"releases": "C0RELEASES", "builds": "C0BUILDS", "security": "C0SECURITY", "platform": "C0PLATFORM"}
REPOSITORIES = ("acme/web", "acme/api", "acme/team/worker", "acme/mirrored")
SCANNED = ("acme/shop/basket", "acme/shop/mail", "acme/shop/payment", "acme/shop/search")
"""Built on one base image. Nothing else happens to them, so what a scan finds there is a card of its own."""
_SUBSCRIBED = (
    ("releases", "acme/*", "pushes"),
    ("builds", "acme/*", "builds"),
    ("security", "acme/*", "vulns"),
    ("platform", "acme/*", "expiry"),
    ("platform", "acme/mirrored", "mirrors expiry"),
    ("platform", "acme", "quota"),
)
_ALL = "repo:read repo:write repo:admin repo:create user:read user:admin org:admin super:user"


def furnish(slack: FakeSlack, quay: FakeQuay) -> dict[str, str]:
    """Put everybody and everything in place; gives each person's Quay token."""
    for name, user in PEOPLE.items():
        slack.add_user(user, name)
        quay.add_user(name, superuser=name == "alice")
    for name, channel in CHANNELS.items():
        slack.add_channel(channel, name, members=tuple(PEOPLE.values()))
    quay.add_organization("acme", admins=("alice", "dave"))
    for repository in (*REPOSITORIES, *SCANNED):
        quay.add_repository(repository)
        quay.grant("bob", repository, "write")
        quay.grant("carol", repository, "read")
    quay.grant("carol", "acme/web", "write")
    quay.add_robot("acme+ci", "Builds and pushes", ago=timedelta(days=240))
    quay.add_robot("acme+deploy", "Pulls in the cluster", ago=timedelta(days=180))
    quay.grant("acme+ci", "acme/web", "write")
    quay.grant("acme+deploy", "acme/web", "read")
    quay.grant("acme+deploy", "acme/api", "read")
    quay.add_mirror("acme/mirrored", "acme+ci")
    quay.add_trigger("acme/api", "github", source="acme/api")
    _last_build(quay)
    last_week(quay)
    quay.manager_cancels = True  # so that Cancel can be tried at every step
    quay.offers_accounts = True  # its sign-in page has a button for everybody
    return {name: quay.token(name) for name in PEOPLE} | {"alice": quay.token("alice", _ALL)}


def _last_build(quay: FakeQuay) -> None:
    """What `/quay build acme/web` repeats. Nobody is told of it: it ended before there were notifications."""
    build = FakeBuild(quay.uuid(), "acme/web", "web.tar.gz", ["latest"], quay.clock.now(), manual_user="alice")
    build.archive_url = "https://git.example/acme/web.tar.gz"
    quay.open_build(build, performer="alice")
    quay.move_build(build.id, "complete")


async def subscribe(app: App, team: str) -> None:
    """What alice has subscribed the channels to: everything that they are told comes through these."""
    store, now = app.store.subscriptions, app.clock.now()
    person = Person(team, PEOPLE["alice"])
    for channel, target, words in _SUBSCRIBED:
        wish = wanted(target, words.split())
        new = Subscription("", CHANNELS[channel], wish, person, "alice", now)
        await app.desk.upkeep.tending.tend(await add(new, store, now))


_BASE = layer("FROM registry.example/ubi9/python-311", 71_000_000)
_XZ = Finding("CVE-2024-3094", "Critical", package="xz-libs", version="5.6.0-1.el9", fixed_by="5.6.2-1.el9")
_CURL = Finding("CVE-2023-38545", "High", package="libcurl", version="7.76.1-23.el9", fixed_by="7.76.1-26.el9_3.3")
_ZLIB = Finding("CVE-2023-45853", "Medium", package="zlib", version="1.2.11-40.el9")


def last_week(quay: FakeQuay) -> None:
    """What `acme/web:latest` was in the last days: the newest image is broken, the one before it was fine."""
    steps = (
        (timedelta(days=6), "1.2.0", "bob", (_CURL, _ZLIB)),
        (timedelta(days=2), "1.3.0", "bob", (_ZLIB,)),
        (timedelta(hours=3), "1.4.0", "acme+ci", (_XZ, _ZLIB)),
    )
    for ago, version, by, findings in steps:
        layers = (_BASE, layer(f"RUN pip install -r requirements.txt # {version[:3]}", 38_400_000))
        app = layer(f"COPY app-{version} .", 4_100_000 + len(findings) * 250_000)
        labels = {"org.opencontainers.image.version": version}
        quay.push("acme/web", "latest", by=by, layers=(*layers, app), findings=findings, labels=labels, ago=ago)
    quay.pull("acme/web", "latest", by="acme+deploy", ago=timedelta(minutes=20))


def history(quay: FakeQuay) -> None:
    """What happened before the visitor came."""
    quay.push("acme/web", "v1.4.0")
    quay.push("acme/api", "latest")
    quay.find_vulnerability(
        "acme/web",
        ["v1.4.0"],
        "CVE-2024-3094",
        "Critical",
        description="Malicious code was found in the upstream tarballs of xz, from version 5.6.0 on.",
        package="xz-libs",
    )
    quay.mirror("acme/mirrored", "started", "'registry.example/base/ubi9' with tag pattern '9.*'")
    quay.mirror("acme/mirrored", "success", "'registry.example/base/ubi9' with tag pattern '9.*'")

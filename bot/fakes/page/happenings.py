"""What can be made to happen from the page's panel: the buttons, in their order."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Happening:
    """A button: `name` is what the world is asked for, `label` and `says` are for people, `icon` is one of icons.js."""

    name: str
    label: str
    says: str
    icon: str
    group: str


HAPPENINGS = (
    Happening("push", "Push a tag", "A new image arrives", "push", "Everyday"),
    Happening("build", "Run a build", "Queued, started, then success with its log", "build", "Everyday"),
    Happening("expiry", "Tag expires soon", "A tag has a few days left", "clock", "Everyday"),
    Happening("slack-outage", "Slack away / back", "For a minute; nothing gets lost", "outage", "Stress"),
    Happening("scan", "Scan: 200 findings", "In 4 repositories, one call each", "burst", "Stress"),
    Happening("promotion", "Promotion: 12 tags", "Of one image, one call each", "push", "Stress"),
    Happening("webhooks-lost", "Webhooks lost", "Quay switches them off; the bot heals them", "outage", "Stress"),
    Happening("layout", "Next layout", "Card, thread, compact: in all channels", "layout", "Stress"),
    Happening("build-failure", "Failing build", "Queued, started, then an error", "fail", "Trouble"),
    Happening("vulnerability", "Vulnerability", "The scanner finds a CVE", "shield", "Trouble"),
    Happening("mirror-failure", "Mirror fails", "A sync stops half-way", "mirror", "Trouble"),
    Happening("quota", "Quota warning", "Storage is nearly full", "quota", "Trouble"),
)

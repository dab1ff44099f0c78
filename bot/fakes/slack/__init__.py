"""A strict Slack as a real HTTP server, for the tests and the demo: kinder than Slack would be a defect."""

from bot.fakes.slack.escape import slack_escape
from bot.fakes.slack.fake import FakeSlack
from bot.fakes.slack.model import Answer, Call, Channel, Fault, User

__all__ = ["Answer", "Call", "Channel", "FakeSlack", "Fault", "User", "slack_escape"]

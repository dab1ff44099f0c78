"""Slack comes in here: the one package that imports Bolt."""

from handlers.slack.room import Keys, SlackRoom

__all__ = ["Keys", "SlackRoom"]

"""The bot's own web pages: linking an account, and showing a secret once."""

from webhooks.pages.link import LinkPages
from webhooks.pages.reveal import RevealPages

__all__ = ["LinkPages", "RevealPages"]

"""The bot's own web pages: linking an account."""

from webhooks.pages.link import LinkPages

__all__ = ["LinkPages"]

"""A faithful Quay as a real HTTP server: the API calls the bot makes, and the notifications Quay sends."""

from bot.fakes.quay.images import Finding, Layer, layer
from bot.fakes.quay.records import FakeBuild, FakeNotification, FakeTrigger, Request
from bot.fakes.quay.server import FakeQuay

__all__ = ["FakeBuild", "FakeNotification", "FakeQuay", "FakeTrigger", "Finding", "Layer", "Request", "layer"]

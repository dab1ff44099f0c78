"""The way to Quay over httpx. Outside of this package: `from bot.adapters.quay import QuayRegistry`."""

from bot.adapters.quay.registry import QuayRegistry

__all__ = ["QuayRegistry"]

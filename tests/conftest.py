"""What every test stands on."""

import asyncio
import os

from hypothesis import settings

pytest_plugins = ["tests.plugins.databases"]

# A busy machine must not fail a law; in CI the same examples are tried every time.
settings.register_profile("quaybot", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("quaybot")

# pytest-asyncio asks for the current loop; CPython 3.11 would create one that nobody closes, and its ResourceWarning
# would fail some other test under `filterwarnings = error`.
asyncio.set_event_loop(None)

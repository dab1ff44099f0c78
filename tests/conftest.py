"""What every test stands on."""

import asyncio

# pytest-asyncio asks for the current loop; CPython 3.11 would create one that nobody closes, and its ResourceWarning
# would fail some other test under `filterwarnings = error`.
asyncio.set_event_loop(None)

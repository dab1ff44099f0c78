"""The sample bodies, an asset of the product: tests, the demo and `send-sample` all use these.

Recorded from a real Quay (main branch of August 2026), with other host names. `<kind>.json` is what really happens,
`<kind>__test.json` what the test button sends, `<kind>__<condition>.json` a variation. The conditions `trigger`
and `git_push` are put together from recorded parts; of `first_index` only the keys are recorded facts.
"""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable


def _folder() -> Traversable:
    return files("webhooks").joinpath("samples")


@cache
def _names() -> tuple[str, ...]:
    return tuple(sorted(file.name for file in _folder().iterdir() if file.name.endswith(".json")))


def sample(kind: str, condition: str = "") -> bytes:
    """The body of an event, as Quay would post it. Raises LookupError when there is no such sample."""
    name = f"{kind}__{condition}.json" if condition else f"{kind}.json"
    if name not in _names():
        raise LookupError(f"there is no sample {name}; there are {', '.join(_names())}")
    return _folder().joinpath(name).read_bytes()


def conditions(kind: str) -> tuple[str, ...]:
    """The names of the variations of an event's sample, without the plain one."""
    start = f"{kind}__"
    return tuple(name.removeprefix(start).removesuffix(".json") for name in _names() if name.startswith(start))

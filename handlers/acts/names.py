"""What policies call the acts: by their own names, and by the words that people type for them."""

from collections.abc import Mapping

from bot.rules.act_names import Names
from handlers.acts import ACTS, build, label_add, label_remove, restore

ALSO: Mapping[str, Mapping[str, str]] = {
    build.NAME: {"trigger start": "trigger"},  # only the builds that a trigger starts
    label_add.NAME: {"tag labels": "", "tag label add": ""},
    label_remove.NAME: {"tag labels": "", "tag label remove": ""},
    restore.NAME: {"tag restore": ""},
}
"""More words for an act, each with the parameter that it has when it is called so ("": always)."""

LOOKS = frozenset(kind.name for kind in ACTS.values() if kind.looks)
"""The acts that change nothing."""

NAMES = Names(tuple(ACTS), ALSO)

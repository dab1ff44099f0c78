"""What policies call the acts: by their own names, and by the words that people type for them."""

from collections.abc import Mapping

from bot.rules.act_names import Names
from bot.services.upkeep.mending import TEND
from handlers.acts import ACTS, build, build_retry, label_add, label_remove, restore

ALSO: Mapping[str, Mapping[str, str]] = {
    build.NAME: {"trigger start": "trigger"},  # only the builds that a trigger starts
    build_retry.NAME: {"trigger start": "trigger"},
    label_add.NAME: {"tag label add": ""},
    label_remove.NAME: {"tag label remove": ""},
    restore.NAME: {"tag restore": ""},
}
"""More words for an act, each with the parameter that it has when it is called so ("": always).

None of them is the name of another act: what allows to look must not allow to change.
"""

LOOKS = frozenset(kind.name for kind in ACTS.values() if kind.looks)
"""The acts that change nothing."""

NAMES = Names((*ACTS, TEND), ALSO)  # the last is what the bot does by itself, as whoever looks after a subscription

"""Everything that people have done in Quay through the bot: a file for each kind of act."""

from collections.abc import Mapping

from handlers.acts import build, build_cancel, build_logs, build_retry
from handlers.command import ActKind

ACTS: Mapping[str, ActKind] = {
    kind.name: kind for kind in (build.KIND, build_cancel.KIND, build_logs.KIND, build_retry.KIND)
}

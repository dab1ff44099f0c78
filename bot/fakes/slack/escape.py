"""How Slack rewrites what a person types behind a slash command when `should_escape` is on (facts §7)."""

import re
from collections.abc import Mapping

TOP_LEVEL = "com|org|net|io|dev|app|cloud|de|eu|uk|fr|ch|at|us|co|ai|sh|me|info|biz|edu|gov|local"
LINK = re.compile(
    r"(?P<url>\bhttps?://[^\s<>|]+)"
    r"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    rf"|(?<![\w@/.:=-])(?P<bare>(?:[a-zA-Z0-9-]+\.)+(?:{TOP_LEVEL})(?![\w.-]*\w\.)\b(?::\d+)?(?:/[^\s<>|]*)?)(?![\w-])"
    r"|(?<!\S)(?P<user>@[\w.-]+)"
    r"|(?<!\S)(?P<channel>#[\w-]+)"
)


def slack_escape(
    text: str, *, users: Mapping[str, str] | None = None, channels: Mapping[str, str] | None = None
) -> str:
    """What arrives in the command's `text`: & < > escaped, links and mentions wrapped in angle brackets.

    `users` and `channels` map names to what is written for them ("<@U1>", "<#C1|general>"); other @ and # stay.
    """
    known_users, known_channels = users or {}, channels or {}

    def wrap(match: re.Match[str]) -> str:
        word = match[0]
        if match["user"]:
            return known_users.get(word[1:], word)
        if match["channel"]:
            return known_channels.get(word[1:], word)
        core = word.rstrip(".,;:!?)'\"")
        rest = word[len(core) :]
        if match["url"]:
            return f"<{core}>{rest}"
        return f"<mailto:{core}|{core}>{rest}" if match["mail"] else f"<http://{core}|{core}>{rest}"

    return LINK.sub(wrap, text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))

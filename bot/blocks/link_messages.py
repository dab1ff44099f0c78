"""What is said in Slack about linking: somebody signed in for you, and somebody shares your Quay account."""

from datetime import datetime

from bot.blocks import layout
from bot.blocks.text import bare, code, plain, when
from bot.domain.messages import Message


def arrived(username: str, host: str, until: datetime) -> Message:
    """To the person who typed `/quay link`: a browser came back from Quay. The code itself is never in it."""
    return Message(
        text=f"Somebody signed in on {bare(host)} as {bare(username)} to link that account to you. "
        "If that was you, enter the code that the browser shows.",
        blocks=(
            layout.section(
                f"Somebody signed in on {plain(host)} as *{plain(username)}*, through the link that I gave you.\n"
                "*Was that you?* Then enter the code that your browser shows. It works until "
                f"{when(until)}, and {code('/quay link')} with the code behind it does the same."
            ),
            layout.actions(
                layout.button("link_code", "Enter the code", style="primary"),
                layout.button("link_cancel", "That was not me", style="danger"),
            ),
            layout.context(
                "Nobody else can finish this for you, and nobody will ever ask you for the code. "
                "Without it nothing is linked."
            ),
        ),
    )


def shared(who: str, username: str, host: str) -> Message:
    """To somebody who uses the same Quay account: `who` (a name, foreign text) does so now, too."""
    return Message(
        text=f"{bare(who)} has linked the Quay account {bare(username)}, which you use here as well.",
        blocks=(
            layout.section(
                f"*{plain(who)}* has linked the account *{plain(username)}* on {plain(host)}, which you use here as "
                "well. What both of you do stands there under one name, and neither can approve what the other asks."
            ),
            layout.context(
                "If nobody but you should have it: change its password in Quay, revoke its tokens there, "
                f"and use {code('/quay link')} again."
            ),
        ),
    )

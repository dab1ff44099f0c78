"""The act "visibility": showing a repository to everybody, or only to those with a role in it."""

from bot.blocks.layout import section
from bot.blocks.repository_words import tags, visibility
from bot.blocks.text import code
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.ports import Quay
from bot.services.gate import Going
from handlers.acting.carrying import Change, carry_out, tell
from handlers.acting.proposing import Undo
from handlers.acts.blaming import from_log
from handlers.acts.rights import needs_admin
from handlers.command import ActKind, Desk, Preview, Reply

NAME = "visibility"
TO = "visibility"
DOES = "change its visibility"


def wanted(repository: str, to: str) -> Act:
    """Make it "public" or "private"."""
    return Act(NAME, repository, {TO: to})


async def resolve(act: Act, quay: Quay) -> Act:
    """Nothing is left open; but what is so already needs no preview."""
    found = await quay.repositories.get(act.repository)
    if visibility(found) == act.parameters[TO]:
        raise UserError(f"{act.repository} is {act.parameters[TO]} already. There is nothing to change.")
    needs_admin(found, DOES)
    return act


async def pin(act: Act, quay: Quay) -> str:
    """What it is now."""
    return f"visibility={visibility(await quay.repositories.get(act.repository))}"


async def preview(act: Act, going: Going, _desk: Desk) -> Preview:
    """What changes, and for whom."""
    found = await going.quay.repositories.get(act.repository)
    name, much = code(act.repository, 260), tags(found)
    if act.parameters[TO] == "public":
        public = (
            f"⚠️ *Make {name} public*",
            f"*Everybody who reaches this registry can see and pull it then, without an account*{_everything(much)}.",
            "Secrets in its images are public then, too. Making it private later takes nothing back that was pulled.",
            "Who may push stays as it is.",
        )
        return Preview((section("\n".join(public)),), yes="Make it public", danger=True)
    private = (
        f"*Make {name} private*",
        "Only people, teams and robot accounts with a role in it will see and pull it.",
        "*Whoever pulls it without such a role fails from then on*: deployments without credentials, for example.",
    )
    return Preview((section("\n".join(private)),), yes="Make it private", danger=True)


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Change it, look whether it is so, and tell the channel."""
    to, quay, name = act.parameters[TO], going.quay, code(act.repository, 260)
    seen = await carry_out(
        quay.repositories.set_visibility(act.repository, public=to == "public"),
        lambda: quay.repositories.get(act.repository),
        lambda found: visibility(found) == to,
    )
    now = to if seen.found is None else visibility(seen.found)
    back = "private" if to == "public" else "public"
    means = "Everybody can pull it." if to == "public" else "Only those with a role in it can pull it."
    change = Change(
        did=f"made {name} *{to}*. {means}",
        now=f"it is {now}",
        other=f"it is *{now}*: somebody may have changed it back",
        where=f"{code('/quay repo ' + act.repository, 300)} shows how it is.",
        undo=Undo(wanted(act.repository, back), f"visibility={to}", f"Make {act.repository[:200]} {back} again?"),
        again=f"it is *{to}* again",
    )
    return await tell(seen, change, going, desk)


def _everything(tags_: str) -> str:
    return f": {tags_}, and whatever is pushed later" if tags_ else ""


def says(act: Act) -> str:
    """To whom it will be shown."""
    to = act.parameters.get(TO, "")
    who = "Everybody can pull it then, without an account." if to == "public" else "Only those with a role can pull it."
    return f"Make {code(act.repository, 260)} {code(to)}. {who}"


KIND = ActKind(
    name=NAME,
    run=run,
    says=says,
    resolve=resolve,
    pin=pin,
    quay_log="change_repo_visibility",
    preview=preview,
    blame=from_log("change_repo_visibility"),
)

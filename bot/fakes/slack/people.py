"""users.*, usergroups.* and auth.test: who is who."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.fakes.slack.arguments import Arguments, page
from bot.fakes.slack.model import Json, Refused, User
from bot.fakes.slack.state import BOT_ID, BOT_USER, Workspace


def describe(workspace: Workspace, user: User) -> Json:
    """A user as the API shows one; deactivated people have no time zone."""
    told: Json = {
        "id": user.id,
        "team_id": user.team or workspace.team,
        "name": user.name,
        "real_name": user.name.title(),
        "deleted": user.deleted,
        "is_bot": user.bot,
        "is_app_user": False,
        "profile": {"display_name": user.name, "real_name": user.name.title()},
    }
    if user.team:
        told |= {"is_stranger": True}
    if not user.deleted:
        told |= {"tz": user.tz, "tz_label": user.tz, "tz_offset": _offset(workspace, user.tz)}
    return told


def _offset(workspace: Workspace, zone: str) -> int:
    """Seconds east of UTC now; 0 where this machine has no time zone tables."""
    try:
        offset = workspace.clock.now().astimezone(ZoneInfo(zone)).utcoffset()
    except ZoneInfoNotFoundError:
        return 0
    return int(offset.total_seconds()) if offset else 0


def info(workspace: Workspace, args: Arguments) -> Json:
    """users.info."""
    user = workspace.users.get(args.need("user"))
    if not user:
        raise Refused("user_not_found")
    return {"ok": True, "user": describe(workspace, user)}


def everybody(workspace: Workspace, args: Arguments) -> Json:
    """users.list: with the bot and the deactivated ones."""
    users, after = page(list(workspace.users.values()), args)
    members = [describe(workspace, user) for user in users]
    return {"ok": True, "members": members, "response_metadata": {"next_cursor": after}}


def group(workspace: Workspace, args: Arguments) -> Json:
    """usergroups.users.list: the people of a user group, without those who are deactivated."""
    found = workspace.groups.get(args.need("usergroup"))
    if found is None:
        raise Refused("no_such_subteam")
    users = sorted(user for user in found if not workspace.users[user].deleted)
    return {"ok": True, "users": users}


def auth_test(workspace: Workspace, args: Arguments) -> Json:
    """auth.test: the bot itself."""
    del args
    grid = {"enterprise_id": workspace.enterprise} if workspace.enterprise else {}
    return {
        "ok": True,
        "url": "https://fake.slack.com/",
        "team": "Fake",
        "user": workspace.users[BOT_USER].name,
        "team_id": workspace.team,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
        **grid,
    }


def api_test(workspace: Workspace, args: Arguments) -> Json:
    """api.test: an echo, or the error one asks for."""
    del workspace
    if args.text("error"):
        raise Refused(args.text("error"), args=args.values)
    return {"ok": True, "args": args.values}

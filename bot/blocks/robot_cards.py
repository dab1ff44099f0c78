"""How robot accounts look: a list, one with all that it reaches, and what a new token or its end means. Pure."""

from collections.abc import Sequence

from bot.blocks.layout import context, section
from bot.blocks.spoken import spoken
from bot.blocks.text import clip_list, code, count, fitting, plain, when
from bot.domain.messages import Block
from bot.domain.robots import Mirrors, Reach, Robot, RobotUse

LISTED = 40  # robots in one list
_SHOWN = 12  # repositories, teams or mirrors in one line
_NEVER = "Quay knows of no use"
_SESSIONS = "Sessions with the registry that are open already may work for about an hour."
STILL_WORKS = f"The old token is refused at once when something logs in. {_SESSIONS}"
STILL_WORKS_GONE = f"Its token is refused at once when something logs in. {_SESSIONS}"


def listing(robots: Sequence[Robot], namespace: str, like: str = "") -> tuple[Block, ...]:
    """Robots with their last use, one below the other; those that do not fit are counted."""
    about = f" with {code(like, 60)} in the name" if like else ""
    if not robots:
        more = "" if like else f" {code('/quay robot create ' + namespace + '+NAME', 120)} makes one."
        return (section(f"{code(namespace, 120)} has no robot accounts{about}.{more}"),)
    lines = fitting([_row(robot) for robot in robots[:LISTED]])
    head = section(f"*{count(len(robots), 'robot account')} of {code(namespace, 120)}*{about}")
    rest = len(robots) - len(lines)
    hints = [f"{rest:,} more are not shown: narrow it down with {code('--like TEXT')}."] if rest else []
    hints.append(f"All about one of them: {code('/quay robot show ' + robots[0].name, 160)}")
    return (head, section("\n".join(lines)), context("\n".join(hints)))


def whole(reach: Reach) -> tuple[Block, ...]:
    """One robot: what it is, what it may do, and what it was used for."""
    robot = reach.robot
    about = f"\n{plain(robot.description)}" if robot.description else ""
    made = (f"• Made: {when(robot.created)}",) if robot.created else ()
    return (section(f"*Robot account* {code(robot.name, 260)}{about}"), *_facts(reach, *made), *_unknown(reach))


def renewal(reach: Reach) -> tuple[Block, ...]:
    """What a new token will mean."""
    after = (
        "Whatever logs in with this robot has to be given the new token: pipelines, clusters, laptops. "
        "*There is no way back*: nobody can restore the old token."
    )
    return (
        section(f"*Make a new token for {code(reach.robot.name, 260)}?* {STILL_WORKS}"),
        *_facts(reach),
        *_mirror_note(reach),
        section(after),
        *_unknown(reach),
    )


def removal(reach: Reach) -> tuple[Block, ...]:
    """What its end will mean."""
    after = (
        "Whatever logs in with this robot stops working. *There is no way back*: a new robot of the same name gets "
        "another token, and none of these roles and teams."
    )
    return (
        section(f"*Delete the robot account {code(reach.robot.name, 260)}?* {STILL_WORKS_GONE}"),
        *_facts(reach),
        section(after),
        *_unknown(reach),
    )


def unseen_mirrors(mirrors: Mirrors) -> tuple[str, ...]:
    """What could not be found out about mirrors, in whole sentences."""
    said = []
    if mirrors.unseen:
        names, more = clip_list(mirrors.unseen, _SHOWN)
        listed = ", ".join(filter(None, [*names, more]))
        takes = "that takes the role admin there and the scope `repo:admin`"
        said.append(f"I could not see which robots the mirrors {listed} work with: {takes}.")
    if not mirrors.whole:
        said.append("I did not look through all repositories for mirrors: there are too many of them.")
    return tuple(said)


def _facts(reach: Reach, *first: str) -> tuple[Block, ...]:
    robot = reach.robot
    lines = [*first, *_repositories(reach)]
    if robot.teams is not None:
        lines.append(f"• Teams: {_names(robot.teams)}")
    if reach.mirrors is not None:
        lines.append(f"• Mirrors that work with it: {_names(reach.mirrors)}")
    lines.append(f"• Last used: {when(robot.last_used) if robot.last_used else _NEVER}")
    if reach.use is not None:
        lines.append(f"• In the last 7 days: {_use(reach.use)}")
    return (section("\n".join(fitting(lines))),)


def _repositories(reach: Reach) -> list[str]:
    """With their roles where those are known, else the names alone."""
    if reach.roles is not None:
        shown, more = clip_list(reach.roles, _SHOWN)
        each = [f"{code(one.repository, 120)} ({plain(one.role, 20)})" for one in shown]
        return [f"• Repositories: {', '.join([*each, *filter(None, [more])]) or 'none'}"]
    if reach.robot.repositories is None:
        return []
    return [f"• Repositories: {_names([f'{reach.robot.namespace}/{name}' for name in reach.robot.repositories])}"]


def _names(names: Sequence[str]) -> str:
    shown, more = clip_list(names, _SHOWN)
    return ", ".join([*(code(name, 120) for name in shown), *filter(None, [more])]) or "none"


def _use(use: RobotUse) -> str:
    least = "at least " if use.back_to else ""
    newest = f", the newest {when(use.newest)}" if use.newest else ""
    much = f"{least}{count(use.pulls, 'pull')} and {_pushes(use.pushes)}{newest}"
    seen = f" (the usage log is long: I looked at it back to {when(use.back_to)})" if use.back_to else ""
    return f"{much}{seen}"


def _pushes(number: int) -> str:
    return f"{number:,} {'push' if number == 1 else 'pushes'}"


def _mirror_note(reach: Reach) -> tuple[Block, ...]:
    """Quay reads the robot's token anew for each mirroring (facts §3.2)."""
    if not reach.mirrors:
        return ()
    return (context("Quay takes the new token for its mirrors by itself: they go on."),)


def _unknown(reach: Reach) -> tuple[Block, ...]:
    if not reach.unknown:
        return ()
    return (context("\n".join(fitting([f":grey_question: {spoken(say, 700)}" for say in reach.unknown]))),)


def _row(robot: Robot) -> str:
    used = f"last used {when(robot.last_used)}" if robot.last_used else _NEVER
    about = f" · {plain(robot.description, 100)}" if robot.description else ""
    return f"• {code(robot.name, 120)} · {used}{about}"

"""What we say to people about refusals of calls about robots, one plain sentence or two for each cause."""

from bot.adapters.quay.words import short

_NAMES = "lower-case letters and digits, with single dots, dashes or underscores between them, like ci or deploy-prod"
LONGEST_DESCRIPTION = 255


def no_full_name(robot: str) -> str:
    """There is no namespace in it, or no short name."""
    return f"“{short(robot)}” is not the full name of a robot account: write it as namespace+name, like acme+ci."


def bad_name(name: str) -> str:
    """Quay would refuse the short name (facts §3.2)."""
    return f"“{short(name)}” cannot be the name of a robot account. Such names have 2 to 255 {_NAMES}."


def long_description(length: int) -> str:
    """Quay takes 255 characters."""
    return f"A description has at most {LONGEST_DESCRIPTION} characters; this one has {length:,}. Please shorten it."


def unknown(robot: str) -> str:
    """Quay's 400 for a robot that is not there."""
    return (
        f"There is no robot account {short(robot)}. `/quay robot list {namespace(robot)}` shows those that there are."
    )


def exists(robot: str) -> str:
    """Quay's 400 for a robot that is there already."""
    return (
        f"There is a robot account {short(robot)} already. Choose another name, or make a new token for it: "
        f"`/quay robot regenerate {short(robot)}`."
    )


def mirrored(robot: str) -> str:
    """Quay keeps robots that mirrors work with."""
    return (
        f"Quay does not delete {short(robot)} while a mirror works with it. "
        "Give that mirror another robot account in Quay first."
    )


def only_admins(organization: str, does: str) -> str:
    """The token has the scope, its owner lacks the role."""
    return (
        f"Only admins of the organization {short(organization)} can {does}, and you are none of them. Please ask one."
    )


def no_member(organization: str, does: str) -> str:
    """Quay does not name it among the caller's organizations."""
    return (
        f"You are not a member of the organization {short(organization)}, or there is none of that name. "
        f"Only its admins can {does}: please check the name, or ask one of them."
    )


def needs_scope(scope: str, does: str) -> str:
    """The token surely lacks it."""
    return (
        f"Your token was made without the scope `{scope}`, and it takes that to {does}. "
        "Please link your account again, with that scope."
    )


def admin_and_scope(organization: str, does: str) -> str:
    """Nobody can tell which of both is missing (facts §4)."""
    return (
        f"Quay did not let you {does}. That takes an admin of the organization {short(organization)}, and a token with "
        "the scope `org:admin`."
    )


def namespace(robot: str) -> str:
    """What stands before the plus sign."""
    return short(robot.partition("+")[0])

"""The paths of the API about robots, of organizations and of the caller."""

from bot.fakes.quay import api_robots
from bot.fakes.quay.resources import Resource, resource


def _robots(base: str, word: str) -> tuple[Resource, ...]:
    """The same calls for an organization and for the caller; `word` is how their operations are told apart."""
    one = f"{base}/{{robot_shortname}}"
    return (
        resource(base, get=(api_robots.list_all, f"get{word}Robots")),
        resource(
            one,
            get=(api_robots.get_one, f"get{word}Robot"),
            put=(api_robots.create, f"create{word}Robot"),
            delete=(api_robots.delete, f"delete{word}Robot"),
        ),
        resource(f"{one}/permissions", get=(api_robots.permissions, f"get{word}RobotPermissions")),
        resource(f"{one}/regenerate", post=(api_robots.regenerate, f"regenerate{word}RobotToken")),
    )


ROBOTS = (*_robots("/api/v1/organization/{orgname}/robots", "Org"), *_robots("/api/v1/user/robots", "User"))

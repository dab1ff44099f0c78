"""A robot's name and token, ready to be copied to where they are needed. Pure; every text holds the secret."""

import base64
import json
import re
from shlex import quote

HISTORY = (
    "A login command stays in your shell's history. A blank typed before it keeps it out, but only if your shell "
    "ignores lines that begin with a blank."
)
_TITLE = re.compile(r"The token of the robot account ([a-z0-9._-]+\+[a-z0-9._-]+) on .*", re.DOTALL)


def snippets(host: str, robot: str, token: str) -> tuple[tuple[str, str], ...]:
    """(title, text) for each place. `host` is the registry as clients name it, with its port if it has one.

    The token is handed to a login through its standard input, so that it stands in no list of processes.
    """
    config = _config(host, robot, token)
    return (
        ("User name", robot),
        ("Token", token),
        ("Podman", _login("podman", host, robot, token)),
        ("Docker", _login("docker", host, robot, token)),
        ("Kubernetes secret", _kubernetes(robot, json.dumps(config, separators=(",", ":")))),
        ("Quay and Docker configuration (~/.docker/config.json)", json.dumps(config, indent=2)),
    )


def title(host: str, robot: str) -> str:
    """What a window or a page with them is called."""
    return f"The token of the robot account {robot} on {host}"


def renewal(titled: str) -> str:
    """The command that makes a new token for the robot of such a title; without its name if there is none in it."""
    found = _TITLE.fullmatch(titled)
    return f"/quay robot regenerate {found[1]}" if found else "/quay robot regenerate"


def secret_name(robot: str) -> str:
    """A name for it that Kubernetes takes: lower-case letters, digits and dashes."""
    return re.sub(r"[^a-z0-9]+", "-", robot.lower()).strip("-")[:200].rstrip("-") + "-pull-secret"


def _login(program: str, host: str, robot: str, token: str) -> str:
    return f"printf %s {quote(token)} | {program} login --username {quote(robot)} --password-stdin {quote(host)}"


def _config(host: str, robot: str, token: str) -> dict[str, object]:
    return {"auths": {host: {"auth": _base64(f"{robot}:{token}")}}}


def _kubernetes(robot: str, config: str) -> str:
    return (
        "apiVersion: v1\n"
        "kind: Secret\n"
        "metadata:\n"
        f"  name: {secret_name(robot)}\n"
        "type: kubernetes.io/dockerconfigjson\n"
        "data:\n"
        f"  .dockerconfigjson: {_base64(config)}\n"
    )


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()

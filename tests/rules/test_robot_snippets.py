"""What is ready to be copied: each snippet says what its program reads."""

import base64
import json
import re
import shlex

from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.rules.robot_snippets import secret_name, snippets

NAMES = st.from_regex(r"[a-z0-9]{1,40}\+[a-z0-9]+([._-][a-z0-9]+)*", fullmatch=True)
TOKENS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'$`\\\" ", min_size=1, max_size=64)


def test_they_look_like_this() -> None:
    assert dict(snippets("quay.example:8443", "acme+ci_1", "T0KEN")) == snapshot(
        {
            "User name": "acme+ci_1",
            "Token": "T0KEN",
            "Podman": "printf %s T0KEN | podman login --username acme+ci_1 --password-stdin quay.example:8443",
            "Docker": "printf %s T0KEN | docker login --username acme+ci_1 --password-stdin quay.example:8443",
            "Kubernetes secret": """\
apiVersion: v1
kind: Secret
metadata:
  name: acme-ci-1-pull-secret
type: kubernetes.io/dockerconfigjson
data:
  .dockerconfigjson: eyJhdXRocyI6eyJxdWF5LmV4YW1wbGU6ODQ0MyI6eyJhdXRoIjoiWVdOdFpTdGphVjh4T2xRd1MwVk8ifX19
""",
            "Quay and Docker configuration (~/.docker/config.json)": """\
{
  "auths": {
    "quay.example:8443": {
      "auth": "YWNtZStjaV8xOlQwS0VO"
    }
  }
}\
""",
        }
    )


@given(NAMES, TOKENS)
def test_a_shell_hands_over_exactly_name_and_token(robot: str, token: str) -> None:
    found = dict(snippets("quay.example", robot, token))
    for program in ("podman", "docker"):
        words = shlex.split(found[program.title()])
        assert words == [
            "printf",
            "%s",
            token,
            "|",
            program,
            "login",
            "--username",
            robot,
            "--password-stdin",
            "quay.example",
        ]


@given(NAMES, TOKENS)
def test_both_files_log_in_with_exactly_name_and_token(robot: str, token: str) -> None:
    found = dict(snippets("quay.example", robot, token))
    inner = re.search(r"^  \.dockerconfigjson: (\S+)$", found["Kubernetes secret"], re.MULTILINE)
    assert inner
    for text in (base64.b64decode(inner[1]).decode(), found["Quay and Docker configuration (~/.docker/config.json)"]):
        auth = json.loads(text)["auths"]["quay.example"]["auth"]
        assert base64.b64decode(auth).decode() == f"{robot}:{token}"


@given(NAMES)
def test_kubernetes_takes_the_name(robot: str) -> None:
    name = secret_name(robot)
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", name)
    assert len(name) <= 253

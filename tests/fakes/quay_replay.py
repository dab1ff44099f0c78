"""Going through what was recorded at the real server, step by step, and comparing."""

import json
import re
from contextlib import AsyncExitStack
from typing import Any

from tests.fakes.quay_scene import Scene, Visitor, visitor

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_ALIKE = (  # what differs from server to server, and how both are written down
    (re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d -0000"), "DATE"),
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z"), "STAMP"),
    (re.compile(r'"(last_accessed|next_page)": ("[^"]*"|null)'), r'"\1": ""'),
    (re.compile(r'"(start_ts|end_ts|last_modified|score)": [\d.]+'), r'"\1": 0'),
    (re.compile(r'(config\\": {\\"digest\\": \\")sha256:\w+'), r"\1CONFIG"),  # inside of a manifest, which is a string
    (re.compile(r"(code|access_token)=[A-Z0-9]+"), r"\1=MASKED"),
    (re.compile(r'"(csrf_token|csrf_token_val|access_token|token|client_secret)": "[^"]*"'), r'"\1": ""'),
    (re.compile(r'"oauth_token_id": \d+'), '"oauth_token_id": 0'),
    (re.compile(r'"name": "(beta|acme\+ci)", "hash": "\w+", "color": "#\w+"'), r'"name": "\1"'),  # of unknown addresses
    (re.compile(r'"description": "[^"]*"'), '"description": ""'),
)
_VOLATILE = {"quotas", "quota_report"}
_PAGE = "PAGE"  # a page of the web interface, which is another one here


def _plain(value: Any) -> Any:
    """Without quotas, with the dumps of schemas cut off, and in one order what comes in none."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {key: _plain(item) for key, item in value.items() if key not in _VOLATILE}
    for key in {"organizations", "robots", "results"} & set(kept):  # in no order
        kept[key] = sorted(kept[key], key=lambda item: str(item["name"]))
    for key in {"detail", "error_message"} & set(kept):
        kept[key] = kept[key].split("\n\n")[0]
    return kept


class Replay:
    """One flow: who has which browser and token, and which ids here stand for the recorded ones."""

    def __init__(self, here: Scene, stack: AsyncExitStack) -> None:
        self.here, self.stack = here, stack
        self.browsers: dict[str, Visitor] = {}
        self.tokens: dict[str, str] = {}
        self.ids: dict[str, str] = {}
        self.known = {"CLIENT": "CLIENT", "SECRET": "SECRET", "code": "", "token": ""}

    def _own(self, value: Any) -> Any:
        """A recorded request with the ids, keys and addresses of this server."""
        text = json.dumps(value)
        for theirs, ours in self.ids.items():
            text = text.replace(theirs, ours)
        text = text.replace("CLIENT", self.known["CLIENT"]).replace('"OAUTH"', "")
        return json.loads(text.replace("QUAY", self.here.quay.url))

    def _form(self, step: dict[str, Any], browser: Visitor) -> dict[str, str]:
        form: dict[str, str] = self._own(step["form"])
        keys = {"client_secret": ("SECRET", self.known["SECRET"]), "_csrf_token": ("CSRF", browser.csrf)}
        keys["code"] = ("SECRET", self.known["code"])
        return form | {key: ours for key, (mask, ours) in keys.items() if form.get(key) == mask}

    async def _browser(self, actor: str) -> Visitor:
        if actor not in self.browsers or actor == "anonymous":
            self.browsers[actor] = await self.stack.enter_async_context(visitor(self.here.quay))
        return self.browsers[actor]

    def _token(self, actor: str) -> str:
        name, kind, _ = f"{actor}  ".split(" ", 2)
        if name == "token":
            return self.known["token"]
        return self.tokens.get(name, "") if kind == "token" else ""

    async def take_all(self, steps: list[dict[str, Any]]) -> None:
        """One step after the other."""
        for number, step in enumerate(steps):
            try:
                await self.take(step)
            except AssertionError as error:
                error.add_note(f"step {number}: {step['name']} ({step['actor']})")
                raise

    async def take(self, step: dict[str, Any]) -> None:
        """Do a step, compare, and learn from the answer."""
        browser = await self._browser(step["actor"])
        more: dict[str, Any] = {"params": self._own(step["query"]), "csrf": step.get("csrf", True)}
        if "json" in step:
            more["json"] = self._own(step["json"])
        if "form" in step:
            more["data"] = self._form(step, browser)
        if token := self._token(step["actor"]):
            more |= {"headers": {"Authorization": f"Bearer {token}"}, "csrf": False}
        if step.get("basic"):
            more["headers"] = {"Authorization": "Basic Y2xpZW50OnNlY3JldA=="}
        status, body, answer = await browser.ask(step["method"], self._own(step["path"]), **more)
        self._learn(step, body, answer.headers.get("Location", ""))
        assert (status, answer.headers.get("Content-Type")) == (step["status"], step["content_type"]), body
        assert ("X-Next-CSRF-Token" in answer.headers) == step["next_csrf"]
        assert self.alike(answer.headers.get("Location")) == self.alike(step["location"])
        if step["answer"] != _PAGE:
            assert self.alike(body) == self.alike(step["answer"])

    def _learn(self, step: dict[str, Any], body: Any, location: str) -> None:
        theirs = _ID.findall(json.dumps([step["answer"], step["location"]]))
        ours = _ID.findall(json.dumps([body, location]))
        if len(theirs) == len(ours):
            self.ids |= dict(zip(theirs, ours, strict=True))
        if isinstance(body, dict):
            self.known["CLIENT"] = body.get("client_id", self.known["CLIENT"])
            self.known["SECRET"] = body.get("client_secret", self.known["SECRET"])
            self.known["token"] = body.get("token", self.known["token"])
        if found := re.search(r"[?&]code=(\w+)", location):
            self.known["code"] = found[1]
        if found := re.search(r"#access_token=(\w+)", location):
            self.tokens[step["actor"].split()[0]] = found[1]

    def alike(self, answer: Any) -> str:
        if isinstance(answer, str) and answer.startswith("{"):
            answer = json.loads(answer)  # JSON that is sent as a page
        text = json.dumps(_plain(answer)).replace(self.here.quay.url, "QUAY").replace(self.known["CLIENT"], "CLIENT")
        for pattern, word in _ALIKE:
            text = pattern.sub(word, text)
        return _ID.sub("ID", text)

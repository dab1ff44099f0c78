"""A few commands with forms, which only remember what they were asked, and ways to fill their forms in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.domain.errors import UserError
from bot.domain.messages import Modal
from bot.domain.people import Person
from handlers import dispatch
from handlers.command import Ask, Click, Command, Desk, Errors, Field, Form, Reply, Seek, Submission
from handlers.forms import form_actions, form_id, form_modals
from handlers.forms.memory import Memory
from handlers.forms.view import block_id
from handlers.words import whisper
from tests.handlers.conftest import ALICE, Office

RESTORE = Form(
    "Restore a tag",
    (
        Field("repository", "Repository", Seek.REPOSITORY),
        Field("tag", "Tag", Seek.PAST_TAG),
        Field("image", "Image", Seek.DIGEST, optional=True, hint="The one before, if you leave this empty."),
        Field("why", "Reason", option="reason", optional=True, multiline=True),
    ),
    submit="Look at it",
)
POST = Form(
    "Post a message",
    (
        Field("severity", "Severity", choices=(("info", "Information"), ("error", "Something is broken"))),
        Field("text", "Text", multiline=True),
    ),
)
BUILD = Form(
    "Start a build",
    (
        Field("repository", "Repository", Seek.REPOSITORY),
        Field("trigger", "Trigger", Seek.TRIGGER, option="trigger", optional=True),
    ),
)
LIST = Form("Repositories", (Field("namespace", "Namespace", Seek.NAMESPACE, optional=True),))


@dataclass
class Desks:
    """Commands that write down what they are asked. `error` is raised by each of them."""

    asked: list[tuple[str, Ask]] = field(default_factory=list)
    error: Exception | None = None

    def command(self, word: str, form: Form | None) -> Command:
        async def run(ask: Ask, _desk: Desk) -> Reply:
            self.asked.append((word, ask))
            if self.error:
                raise self.error
            return whisper("Done.")

        usage = (f"{word} acme/web:v1",)
        return Command(word, usage, f"What {word} does", "Tags", f"More about {word}.", run, form)

    @property
    def commands(self) -> Mapping[str, Command]:
        forms = {"restore": RESTORE, "message post": POST, "build": BUILD, "repos": LIST, "tag list": None}
        return {word: self.command(word, form) for word, form in forms.items()}


class Filling:
    """Somebody with an open form."""

    def __init__(self, office: Office, desks: Desks) -> None:
        self.office, self.desks = office, desks
        self.commands = desks.commands
        self.actions, self.modals = form_actions(self.commands), form_modals(self.commands)

    async def types(self, text: str, person: Person = ALICE, **more: str) -> Reply | None:
        ask = Ask(person, "C1", **({"trigger": "T", "response_url": "https://hooks.example/r"} | more))
        return self.office.fine(await dispatch.run(text, ask, self.office.desk, commands=self.commands))

    async def presses(self, action: str, value: str, person: Person = ALICE, **more: object) -> Reply | None:
        click = replace(Click(person, "C1", value, "T", "https://hooks.example/r"), **more)
        return self.office.fine(await dispatch.click(action, click, self.office.desk, handlers=self.actions))

    async def chooses(self, block: str, value: str, **others: str) -> Modal:
        """Choose in the open form; `others` are what its other fields hold, by the names of their blocks."""
        shown = self.office.shown()
        element = next(one for one in shown.blocks if one.get("block_id") == block)["element"]
        await self.presses(
            element["action_id"],
            value,
            channel="",
            view="V1",
            private=shown.private,
            callback=shown.callback,
            values=others | {block: value},
        )
        return self.office.shown()

    async def sends(self, word: str, person: Person = ALICE, **values: str) -> Reply | Errors | None:
        """Send the open form with these values, by field."""
        shown = self.office.shown()
        memory = Memory.unpack(shown.private)
        blocks = {block_id(one, memory): values.get(one.name, "") for one in self.commands[word].form.fields}
        sent = Submission(person, "V1", blocks, shown.private)
        return await dispatch.submit(form_id(word), sent, self.office.desk, handlers=self.modals)


def says_wrong(say: str, *, reference: str = "") -> UserError:
    error = UserError(say)
    if reference:
        error.reference = reference
    return error

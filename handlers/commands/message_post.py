"""`/quay message post`: a banner for every user of the registry."""

from bot.domain.acts import Act
from bot.rules.banners import FORMATS, SEVERITIES, checked, short_enough, soon_enough
from bot.rules.times import moment, span
from handlers.acting.doing import do
from handlers.acts.message_post import KIND
from handlers.banner_acts import post_act
from handlers.clocks import zone_of
from handlers.command import Ask, Command, Desk, Field, Form, Reply
from handlers.grammar import Option, Parsed, Spec, UsageError

SPEC = Spec(
    (
        Option("format", "plain|markdown", "how Quay reads it; plain text if nothing is said"),
        Option("at", "WHEN", 'show it then, for example "tomorrow 18:00"; at once if nothing is said', greedy=True),
        Option("for", "SPAN", "and remove it after that, for example 4h or 2 days", greedy=True),
    ),
    words=2,
)
_SHORT = {"--markdown": "--format=markdown"}


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Check the words, then show what every user would see."""
    given = SPEC.parse([_SHORT.get(word, word) for word in ask.words])
    act = await wanted(given, ask, desk)
    return await do(KIND, act, ask.person, ask.channel, desk)


async def wanted(given: Parsed, ask: Ask, desk: Desk) -> Act:
    """The act that the words mean. Raises UserError that says what does not fit."""
    severity, *text = given.words or ("",)
    if severity.lower() not in SEVERITIES:
        raise UsageError("How severe is it? Say info, warning or error, and then the message in quotation marks.")
    form = given.one("format").lower() or "plain"
    if form not in FORMATS:
        raise UsageError("A message is plain or markdown: --format markdown")
    content, now, at = checked(" ".join(text)), desk.clock.now(), given.one("at")
    begins = moment(at, now, await zone_of(ask.person, desk), past=False) if at else None
    length = short_enough(span(given.one("for"))) if given.one("for") else None
    soon = soon_enough(begins, now) if begins else None
    return post_act(content, severity.lower(), FORMATS[form], at=soon, length=length)


COMMAND = Command(
    word="message post",
    usage=(
        'message post info|warning|error "Maintenance at 22:00 UTC"',
        'message post warning "Read-only from six" --at "tomorrow 18:00" --for 4h',
        'message post info "See [status](https://status.example)" --markdown',
    ),
    summary="Show every user of the registry a banner, now or at a time",
    section="Global messages",
    details=(
        "Shows how the banner will look, and asks once. It takes a superuser of the registry and a token with the "
        "scope `super:user`. `--at` schedules it (at most 90 days ahead, in your own time zone), `--for` removes it "
        "after a while (at most 30 days). What is scheduled runs with your account, and is cancelled if you may not do "
        "it then."
    ),
    run=run,
    form=Form(
        "Global message",
        (
            Field(
                "severity",
                "Severity",
                choices=(("info", "Info"), ("warning", "Warning"), ("error", "Error")),
            ),
            Field("text", "Message", multiline=True, placeholder="Maintenance at 22:00 UTC"),
            Field(
                "format",
                "Format",
                choices=(("plain", "Plain text"), ("markdown", "Markdown")),
                option="format",
                optional=True,
            ),
            Field("at", "Begins", option="at", optional=True, placeholder="tomorrow 18:00", hint="At once if empty."),
            Field("for", "Is shown for", option="for", optional=True, placeholder="4h", hint="For good if empty."),
        ),
        submit="Look at it",
    ),
)

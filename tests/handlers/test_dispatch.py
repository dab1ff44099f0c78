"""From words to a command, and from every error to a sentence."""

# ruff: noqa: E501 - golden sentences stand on one line

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot
from structlog.testing import capture_logs

from bot.domain.errors import GiveUp, NeedsScope, NotLinked, TryLater, UserError
from handlers import dispatch
from handlers.command import Action, Ask, Click, Submission
from handlers.commands import COMMANDS
from handlers.words import whisper


async def test_a_typo_gets_the_right_word(office):
    assert office.reads(await office.says("biuld acme/web")) == snapshot(
        ["I do not know “biuld”. Did you mean `/quay build`? `/quay help` shows everything I can do."]
    )


async def test_a_word_like_nothing_gets_the_way_to_help(office):
    assert office.reads(await office.says("<!channel> *x*")) == snapshot(
        ["I do not know “@channel”. `/quay help` shows everything I can do."]
    )


async def test_what_may_be_a_token_is_not_repeated(office):
    assert office.reads(await office.says("0123456789abcdef0123456789abcdef01234567")) == snapshot(
        ["I do not know that word. `/quay help` shows everything I can do."]
    )


async def _answered(ask, _desk):
    return whisper(" ".join(ask.words) or "nothing")


WORDS = ("build", "build status", "restore", "tag history", "tag delete", "robot delete", "robot regenerate")
KNOWN = {word: replace(COMMANDS["why"], word=word, usage=(word,), run=_answered, form=None) for word in WORDS}


async def tell(office, text):
    ask = Ask(office.alice, "C1")
    return office.reads(office.fine(await dispatch.run(text, ask, office.desk, commands=KNOWN)))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Tag HISTORY acme/web:v1", "acme/web:v1"),
        ("tag restore acme/web:v1", "acme/web:v1"),
        ("build status b1", "b1"),
        ("build acme/web", "acme/web"),
        ("build Status", "nothing"),
    ],
)
async def test_two_words_are_looked_for_before_one(office, typed, words):
    assert await tell(office, typed) == [words]


async def test_the_first_word_of_several_alone_shows_them(office):
    assert await tell(office, "tag") == snapshot(
        [
            """\
*tag*
`/quay tag history`  Show what became of the last events about a repository
`/quay tag delete`  Show what became of the last events about a repository\
"""
        ]
    )
    assert await tell(office, "build") == ["nothing"]


@pytest.mark.parametrize(
    ("typed", "guess"),
    [
        ("tag histroy x", "`/quay tag history`"),
        ("tags history x", "`/quay tag history`"),
        ("history", "`/quay tag history`"),
        ("robot regen", "`/quay robot regenerate`"),
        ("delete acme/web:v1", "`/quay tag delete` or `/quay robot delete`"),
        ("restroe x", "`/quay restore`"),
        ("robots", "`/quay robot`"),
    ],
)
async def test_a_guess_looks_at_every_family(office, typed, guess):
    [said] = await tell(office, typed)
    assert f"Did you mean {guess}? " in said


@pytest.mark.parametrize(
    ("typed", "guess"),
    [
        ("robot rotate acme+ci", "`/quay robot regenerate`"),
        ("rotate acme+ci", "`/quay robot regenerate`"),
        ("rollback acme/web:v1", "`/quay restore`"),
        ("tag revert acme/web:v1", "`/quay restore`"),
    ],
)
async def test_words_of_other_programs_are_understood(office, typed, guess):
    [said] = await tell(office, typed)
    assert f"Did you mean {guess}? " in said


async def test_whoever_types_undo_is_told_where_that_is(office):
    assert await tell(office, "undo") == snapshot(
        [
            "There is no command for that: the button Undo is below the announcement of what was done, in the channel where it was asked for, for 60 minutes. `/quay audit` shows what you have done."
        ]
    )


@pytest.mark.parametrize(
    ("typed", "option"), [("restore acme/web:v1 --force", "--force"), ("build status b1 --token=s3cr3t", "--token")]
)
async def test_a_command_without_options_says_so(office, typed, option):
    word = "restore" if "restore" in typed else "build status"
    assert (await tell(office, typed))[0] == f"`{word}` has no option {option}."
    assert "s3cr3t" not in str(await tell(office, typed))


async def test_a_text_in_quotation_marks_is_no_option(office):
    assert await tell(office, 'build "--not really"') == ["--not really"]


async def test_a_second_word_that_may_be_a_token_is_not_repeated_or_logged(office):
    with capture_logs() as logs:
        [said] = await tell(office, "tag 0123456789abcdef0123456789abcdef01234567")
        await tell(office, "tag restore 0123456789abcdef0123456789abcdef01234567")
    assert said == "I do not know that word. `/quay tag` shows what there is."
    assert "0123456789abcdef" not in str(logs)
    assert [entry["what"] for entry in logs] == ["?"]


async def test_nothing_typed_is_help(office):
    assert await office.says("  ") == await office.says("help")


async def test_the_word_may_be_written_large(office):
    assert office.reads(await office.says("WhoAmI")) == office.reads(await office.says("whoami"))


async def test_a_mistake_comes_back_with_the_right_forms(office):
    assert office.reads(await office.says("build --tga v1")) == snapshot(
        [
            "I do not know the option --tga. Did you mean --tag?",
            """\
`/quay build acme/web`
`/quay build acme/web --archive-url https://… [--tag TAG]… [--dockerfile PATH | --subdirectory PATH]`
`/quay build acme/web --branch main [--trigger NAME]`
`/quay build acme/web --commit 1a2b3c4 [--trigger NAME]`
More: `/quay help build`\
""",
        ]
    )


async def test_an_open_quotation_is_answered(office):
    assert office.reads(await office.says('build "acme/web')) == snapshot(
        ['A quotation mark is opened but never closed, at "acme/web (close it, or leave it out).']
    )


async def test_somebody_without_an_account_gets_the_button_to_link_one(office):
    reply = await office.says("build acme/web --branch main", office.bob)
    assert office.reads(reply) == snapshot(
        [
            "I do not know your Quay account yet.",
            "[Link my Quay account]",
            "I remember what you asked for: link your account within 15 minutes, and I do it by myself.",
        ]
    )
    assert reply.message.blocks[1]["elements"][0]["action_id"] == "link_start"


ERRORS = [
    UserError("You need the role admin on acme/web."),
    NotLinked("Your token does not work any more."),
    TryLater("Quay does not answer.", after=5, detail="ConnectTimeout"),
    GiveUp("Quay said something that I do not understand.", detail="500 <html>"),
    RuntimeError("token-alice is in here"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
async def test_every_error_becomes_a_sentence(office, error):
    office.quay.errors["whoami"] = error
    expected = snapshot(
        {
            "UserError": ["You need the role admin on acme/web."],
            "NotLinked": ["Your token does not work any more.", "[Link my Quay account]", "Then ask again."],
            "TryLater": ["Quay does not answer."],
            "GiveUp": ["Quay said something that I do not understand."],
            "RuntimeError": [
                "Something went wrong on my side. If it happens again, give this reference to my operator: KDW-407"
            ],
        }
    )
    assert office.reads(await office.says("whoami")) == expected[type(error).__name__]


async def test_code_spans_of_an_error_are_kept_and_everything_else_is_literal(office):
    office.quay.errors["whoami"] = UserError("You need `repo:read` on *acme/web* <!here>.")
    assert office.reads(await office.says("whoami")) == ["You need `repo:read` on ∗acme/web∗ &lt;!here&gt;."]
    office.quay.errors["whoami"] = UserError("A lonely ` stays harmless.")
    assert office.reads(await office.says("whoami")) == ["A lonely ˋ stays harmless."]


async def test_an_unexpected_error_is_logged_under_the_reference_the_person_sees(office):
    office.quay.errors["whoami"] = KeyError("boom")
    with capture_logs() as logs:
        reply = await office.says("whoami")
    assert "KDW-407" in reply.message.text
    assert [(entry["event"], entry["reference"], entry["what"]) for entry in logs] == [
        ("unexpected error", "KDW-407", "whoami")
    ]


async def test_what_was_typed_is_never_logged(office):
    office.quay.errors["request_build"] = UserError("Quay does not like https://files.example/?sig=hunter2")
    typed = (
        "build acme/web --archive-url https://files.example/?sig=hunter2",
        'build "https://x.example/?hunter2',
        "build https://x.example/?hunter2",
        "hunter2",
    )
    with capture_logs() as logs:
        for text in typed:
            await office.says(text)
    assert len([entry for entry in logs if entry["event"] == "told the person"]) == len(typed)
    assert "hunter2" not in str(logs)


async def test_a_button_of_yesterday_is_answered(office):
    assert office.reads(await office.presses("build_dance")) == snapshot(
        ["This button is of an older version of me. Please ask again."]
    )


async def test_a_form_of_yesterday_is_answered(office):
    sent = Submission(office.alice, "V1", {})
    assert dispatch.check("nothing", sent) == {}
    assert office.reads(await dispatch.submit("nothing", sent, office.desk)) == snapshot(
        ["This form is of an older version of me. Please open it again."]
    )


async def test_the_reference_that_the_audit_has_is_the_one_that_the_person_sees(office):
    error = KeyError("boom")
    error.reference = "KDWF-4071"
    office.quay.errors["whoami"] = error
    assert "KDWF-4071" in (await office.says("whoami")).message.text


NEEDS = NeedsScope("Your token lacks the scope `repo:create`.", scopes=frozenset({"repo:create"}))


async def _lacking(_ask, _desk):
    raise NEEDS


async def test_a_scope_that_is_missing_is_asked_for_by_the_button(office):
    create = replace(COMMANDS["why"], word="create", run=_lacking)
    reply = await dispatch.run("create acme/new", Ask(office.alice, "C1"), office.desk, commands={"create": create})
    assert office.reads(office.fine(reply)) == snapshot(
        [
            "Your token lacks the scope `repo:create`.",
            "[Link again with that scope]",
            "I remember what you asked for: link your account within 15 minutes, and I do it by myself.",
        ]
    )
    assert reply.message.blocks[1]["elements"][0]["value"] == "repo:create"
    assert office.alice in office.kept.words


async def test_a_button_that_opens_a_window_is_offered_again_when_slack_wants_a_fresh_click(office):
    reply = await dispatch.click("build_logs", Click(office.alice, "C1", "acme/web b-1"), office.desk, handlers=WINDOW)
    assert office.reads(office.fine(reply)) == snapshot(
        ["It opens a window, and Slack wants a fresh click for that:", "[Open it now]"]
    )
    again = reply.message.blocks[1]["elements"][0]
    assert (again["action_id"], again["value"]) == ("build_logs", "acme/web b-1")
    assert office.voice.modals == {}


async def _opens(click, desk):
    await desk.voice.open(click.trigger, None)


WINDOW = {"build_logs": Action("build_logs", _opens, window=True)}


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text() | st.text(alphabet="<>&|@#!*_~`:build heplinkacme/-= \"'"))
async def test_any_text_gets_an_answer_that_slack_takes(office, text):
    assert await office.says(text, trigger="") is not None


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(say=st.text(min_size=1, max_size=5000))
async def test_any_words_of_an_error_are_shown_harmlessly(office, say):
    office.quay.errors["whoami"] = UserError(say)
    assert await office.says("whoami")


@pytest.mark.parametrize("error", [TryLater("Quay does not answer."), GiveUp("Quay said something odd.")])
async def test_what_stands_in_the_audit_as_failed_is_told_with_its_reference(office, error):
    error.reference = "KDWF-4071"
    office.quay.errors["whoami"] = error
    assert office.reads(await office.says("whoami")) == [error.say, "Reference KDWF-4071"]

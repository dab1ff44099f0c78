"""The answer to "why?" when no event is known: which webhook URLs there are, and what to do."""

# ruff: noqa: E501 - golden sentences stand on one line

from inline_snapshot import snapshot

from bot.blocks.why import Story, lines, message


def test_nothing_known_and_no_url():
    assert lines(Story("acme/web")) == snapshot(
        [
            "I know of no event about acme/web.",
            "There is no subscription and no webhook URL for it.",
            "What to do: write /quay subscribe acme/web in the channel. Without a linked account, run `quaybot hooks add acme/web repo_push --channel C…`, and paste the URL into a notification in Quay.",
        ]
    )
    assert message(Story("acme/web", here="C1", channel="C1")).text == snapshot("""\
I know of no event about `acme/web`.
There is no subscription and no webhook URL for it that tells this channel.
What to do: write `/quay subscribe acme/web` in the channel. Without a linked account, my operator can run `quaybot hooks add acme/web repo_push --channel C1`, and paste the URL into a notification in Quay.
Only this channel is shown. Other channels are shown to people whose linked Quay account can read the repository.\
""")
    assert lines(Story("acme")) == snapshot(
        [
            "I know of no event about acme.",
            "There is no subscription and no webhook URL for it. (A repository is written namespace/acme.)",
            "What to do: write /quay subscribe acme in the channel. Without a linked account, run `quaybot hooks add acme quota_warning --channel C…`, and paste the URL into a notification in Quay.",
        ]
    )


def test_nothing_known_although_there_is_a_url():
    hooks = [("3", "repo_push", ("C1",)), ("4", "build_failure", ("C1", "C2"))]

    assert lines(Story("acme/web", hooks=hooks)) == snapshot(
        [
            "I know of no event about acme/web.",
            "There are 2 webhook URLs for it:",
            "• 3: repo_push, for channel C1",
            "• 4: build_failure, for channel C1, C2",
            "What to do: in Quay's settings of acme/web, look at the notifications with these URLs: after three failures (number_of_failures) Quay switches one off, and offers there to switch it on again.",
        ]
    )
    assert lines(Story("acme/web", tag="v1", channel="C2", hooks=hooks[:1]))[1:] == snapshot(
        [
            "There is a webhook URL for it that tells C2: 3 (repo_push).",
            "What to do: ask again without the tag. And in Quay's settings of acme/web, look at the notification with that URL: after three failures (number_of_failures) Quay switches it off, and offers there to switch it on again.",
        ]
    )


def test_many_urls_are_a_list_that_leaves_room_for_what_to_do():
    hooks = [(str(n), "repo_push", ("C1", "C2", "C3", "C4", "C5")) for n in range(99)]
    told = message(Story("acme/web", hooks=hooks))
    shown = told.blocks[1]["text"]["text"].splitlines()

    assert (shown[0], shown[1], shown[-2]) == snapshot(
        (
            "There are 99 webhook URLs for it:",
            "• 0: `repo_push`, for channel <#C1>, <#C2>, <#C3>, <#C4>, <#C5>",
            "• +79 more",
        )
    )
    assert shown[-1].startswith("What to do: ")

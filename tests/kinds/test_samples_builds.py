"""Every sample of a build reads to exactly this event."""

from inline_snapshot import snapshot

from tests.kinds.samples import told


def test_a_build_asked_for_through_the_api_names_its_requester():
    assert told("build_queued") == snapshot(
        {
            "type": "BuildMoved",
            "repository": "acme/web",
            "build_id": "dbf23442-b521-45b9-9ba3-7d506a2e21c2",
            "phase": "waiting",
            "tags": ["latest", "build-1"],
            "requested_by": "alice",
        }
    )


def test_a_build_started_by_hand_from_a_trigger_names_its_requester_and_commit():
    assert told("build_queued", "trigger") == snapshot(
        {
            "type": "BuildMoved",
            "repository": "acme/web",
            "build_id": "0459b6a2-d28a-4b18-9d9c-23308a8aab82",
            "phase": "waiting",
            "tags": ["aaaaaaa"],
            "trigger": "custom-git",
            "commit": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "requested_by": "alice",
        }
    )


def test_a_build_of_a_git_push_names_the_author_and_not_the_account_of_the_git_host():
    assert told("build_queued", "git_push") == snapshot(
        {
            "type": "BuildMoved",
            "repository": "acme/web",
            "build_id": "16456ca4-4e2c-4a29-ad10-f4853c295f50",
            "phase": "waiting",
            "tags": ["latest", "main"],
            "trigger": "custom-git",
            "ref": "refs/heads/main",
            "commit": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
            "commit_url": "https://git.example.com/c/b",
            "commit_message": "fix it",
            "author": "dev",
        }
    )


def test_the_test_button_of_queued_builds_is_recognised():
    assert told("build_queued", "test") == snapshot(
        {
            "type": "BuildMoved",
            "repository": "acme/web",
            "test": True,
            "build_id": "fake-build-id",
            "phase": "waiting",
            "name": "some-fake-build",
            "tags": ["latest", "foo", "bar"],
            "trigger": "github",
            "ref": "refs/heads/somebranch",
            "commit": "42d4a62c53350993ea41069e9f2cfdefb0df097d",
            "commit_url": "http://path/to/the/commit",
            "commit_message": "Some commit message",
            "author": "fakeauthor",
        }
    )


def test_a_started_build_is_building():
    assert told("build_start") == snapshot(
        {
            "type": "BuildMoved",
            "repository": "acme/web",
            "build_id": "dbf23442-b521-45b9-9ba3-7d506a2e21c2",
            "phase": "building",
            "name": "916b9d1",
            "tags": ["latest", "build-1"],
        }
    )


def test_the_test_button_of_started_builds_is_recognised():
    assert told("build_start", "test") == snapshot(
        {
            "type": "BuildMoved",
            "repository": "acme/web",
            "test": True,
            "build_id": "fake-build-id",
            "phase": "building",
            "name": "some-fake-build",
            "tags": ["latest", "foo", "bar"],
            "trigger": "github",
            "ref": "refs/heads/somebranch",
            "commit": "42d4a62c53350993ea41069e9f2cfdefb0df097d",
        }
    )


def test_a_successful_build_is_complete():
    assert told("build_success") == snapshot(
        {
            "type": "BuildMoved",
            "repository": "acme/web",
            "build_id": "dbf23442-b521-45b9-9ba3-7d506a2e21c2",
            "phase": "complete",
            "name": "916b9d1",
            "tags": ["latest", "build-1"],
        }
    )


def test_the_test_button_of_successful_builds_is_recognised():
    assert told("build_success", "test") == snapshot(
        {
            "type": "BuildMoved",
            "repository": "acme/web",
            "test": True,
            "build_id": "fake-build-id",
            "phase": "complete",
            "name": "some-fake-build",
            "tags": ["latest", "foo", "bar"],
            "trigger": "github",
            "ref": "refs/heads/somebranch",
            "commit": "42d4a62c53350993ea41069e9f2cfdefb0df097d",
        }
    )


def test_a_failed_build_has_no_error_message_in_real_life():
    assert told("build_failure") == snapshot(
        {
            "type": "BuildMoved",
            "repository": "acme/web",
            "build_id": "0459b6a2-d28a-4b18-9d9c-23308a8aab82",
            "phase": "error",
            "name": "aaaaaaa",
            "tags": ["aaaaaaa"],
            "trigger": "custom-git",
            "commit": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        }
    )


def test_the_test_button_of_failed_builds_has_an_error_message():
    assert told("build_failure", "test") == snapshot(
        {
            "type": "BuildMoved",
            "repository": "acme/web",
            "test": True,
            "build_id": "fake-build-id",
            "phase": "error",
            "name": "some-fake-build",
            "tags": ["latest", "foo", "bar"],
            "trigger": "github",
            "ref": "refs/heads/somebranch",
            "commit": "42d4a62c53350993ea41069e9f2cfdefb0df097d",
            "commit_url": "http://path/to/the/commit",
            "commit_message": "Some commit message",
            "author": "fakeauthor",
            "error": "This is a fake error message",
        }
    )


def test_a_cancelled_build_is_cancelled():
    assert told("build_cancelled") == snapshot(
        {
            "type": "BuildMoved",
            "repository": "acme/web",
            "build_id": "2e618f59-4927-44d0-834e-1d4410450a8a",
            "phase": "cancelled",
            "name": "916b9d1",
            "tags": ["latest"],
        }
    )


def test_the_test_button_of_cancelled_builds_is_recognised():
    assert told("build_cancelled", "test") == snapshot(
        {
            "type": "BuildMoved",
            "repository": "acme/web",
            "test": True,
            "build_id": "fake-build-id",
            "phase": "cancelled",
            "name": "some-fake-build",
            "tags": ["latest", "foo", "bar"],
            "trigger": "github",
            "ref": "refs/heads/somebranch",
            "commit": "42d4a62c53350993ea41069e9f2cfdefb0df097d",
        }
    )

"""Every sample of a mirror sync reads to exactly this event."""

from inline_snapshot import snapshot

from tests.kinds.samples import told


def test_a_mirror_sync_that_started():
    assert told("repo_mirror_sync_started", target="acme/mirrored") == snapshot(
        {
            "type": "MirrorSynced",
            "repository": "acme/mirrored",
            "outcome": "started",
            "message": "'quay.example.com/acme/upstream' with tag pattern '*'",
        }
    )


def test_the_test_button_of_started_syncs_is_recognised():
    assert told("repo_mirror_sync_started", "test") == snapshot(
        {
            "type": "MirrorSynced",
            "repository": "acme/web",
            "test": True,
            "outcome": "started",
            "message": "TEST NOTIFICATION",
        }
    )


def test_a_mirror_sync_that_ended_well():
    assert told("repo_mirror_sync_success", target="acme/mirrored") == snapshot(
        {
            "type": "MirrorSynced",
            "repository": "acme/mirrored",
            "outcome": "success",
            "message": "'quay.example.com/acme/upstream' with tag pattern '*'",
        }
    )


def test_the_test_button_of_successful_syncs_is_recognised():
    assert told("repo_mirror_sync_success", "test") == snapshot(
        {
            "type": "MirrorSynced",
            "repository": "acme/web",
            "test": True,
            "outcome": "success",
            "message": "TEST NOTIFICATION",
        }
    )


def test_a_mirror_sync_that_failed_keeps_the_output_of_the_tool():
    assert told("repo_mirror_sync_failed", target="acme/mirrored") == snapshot(
        {
            "type": "MirrorSynced",
            "repository": "acme/mirrored",
            "outcome": "failed",
            "message": (
                "'quay.example.com/acme/nonexist' with tag pattern '*': ('skopeo list-tags failed: See output', '', "
                '\'time="2026-11-23T11:26:56Z" level=fatal msg="Error listing repository tags: unable to retrieve '
                "auth token: invalid username/password: unauthorized: access to the requested resource is not "
                "authorized\"\\n')"
            ),
        }
    )


def test_the_test_button_of_failed_syncs_is_recognised():
    assert told("repo_mirror_sync_failed", "test") == snapshot(
        {
            "type": "MirrorSynced",
            "repository": "acme/web",
            "test": True,
            "outcome": "failed",
            "message": "TEST NOTIFICATION",
        }
    )

"""Everything that is done on a clock."""

from handlers.command import Job
from handlers.jobs import (
    beat,
    end_pauses,
    expire_approvals,
    follow_builds,
    look_up,
    recover,
    send_digests,
    sweep_banners,
    sweep_links,
    sweep_once,
    tend_subscriptions,
    tidy_people,
    turn_banners,
)

JOBS: tuple[Job, ...] = (
    beat.JOB,
    end_pauses.JOB,
    look_up.JOB,
    recover.JOB,
    send_digests.JOB,
    tend_subscriptions.JOB,
    expire_approvals.JOB,
    follow_builds.JOB,
    sweep_banners.JOB,
    sweep_links.JOB,
    sweep_once.JOB,
    tidy_people.JOB,
    turn_banners.JOB,
)

"""Everything that is done on a clock."""

from handlers.command import Job
from handlers.jobs import (
    expire_approvals,
    follow_builds,
    sweep_banners,
    sweep_links,
    sweep_once,
    tidy_people,
    turn_banners,
)

JOBS: tuple[Job, ...] = (
    expire_approvals.JOB,
    follow_builds.JOB,
    sweep_banners.JOB,
    sweep_links.JOB,
    sweep_once.JOB,
    tidy_people.JOB,
    turn_banners.JOB,
)

"""Everything that is done on a clock."""

from handlers.command import Job
from handlers.jobs import follow_builds, sweep_once

JOBS: tuple[Job, ...] = (follow_builds.JOB, sweep_once.JOB)

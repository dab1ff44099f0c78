"""The written-out lists and the folders agree."""

import pkgutil

import pytest

import handlers.actions
import handlers.acts
import handlers.commands
import handlers.jobs
import handlers.modals
from handlers.actions import ACTIONS
from handlers.acts import ACTS
from handlers.command import SECTIONS, Action, ActKind, Job, ModalHandler
from handlers.commands import COMMANDS
from handlers.jobs import JOBS
from handlers.modals import MODALS


def in_folder(package, kind: type) -> set[int]:
    """The ids of every value of that type in the files of a package."""
    modules = [getattr(package, module.name) for module in pkgutil.iter_modules(package.__path__)]
    return {id(value) for module in modules for value in vars(module).values() if isinstance(value, kind)}


def test_every_command_file_is_a_word_and_every_word_has_its_file():
    files = {module.name for module in pkgutil.iter_modules(handlers.commands.__path__)}
    assert files == {word.replace(" ", "_") for word in COMMANDS}


def test_every_button_every_form_every_job_and_every_act_is_listed():
    assert in_folder(handlers.acts, ActKind) == {id(kind) for kind in ACTS.values()}
    assert in_folder(handlers.actions, Action) == {id(action) for action in ACTIONS.values()}
    assert in_folder(handlers.modals, ModalHandler) == {id(modal) for modal in MODALS.values()}
    assert in_folder(handlers.jobs, Job) == {id(job) for job in JOBS}


def test_names_are_unique_and_are_their_keys():
    assert all(key == command.word for key, command in COMMANDS.items())
    assert all(key == action.id for key, action in ACTIONS.items())
    assert all(key == kind.name for key, kind in ACTS.items())
    assert len({job.name for job in JOBS}) == len(JOBS)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_command_explains_itself_briefly(command):
    assert len(command.summary) <= 80
    assert command.details
    assert command.section in SECTIONS
    assert all(form.split(" ")[: len(command.word.split())] == command.word.split() for form in command.usage)

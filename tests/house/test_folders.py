"""The folders with one file for each thing, and the written-out lists of these things, agree."""

import importlib
import pkgutil
from types import ModuleType

import pytest

import handlers.actions
import handlers.commands
import handlers.jobs
import handlers.modals
import webhooks.kinds
from handlers.actions import ACTIONS
from handlers.command import Action, Command, Job, ModalHandler
from handlers.commands import COMMANDS
from handlers.jobs import JOBS
from handlers.modals import MODALS
from webhooks.kind import Kind
from webhooks.kinds import KINDS

FOLDERS = {
    "kinds": (webhooks.kinds, Kind, tuple(KINDS.values())),
    "commands": (handlers.commands, Command, tuple(COMMANDS.values())),
    "actions": (handlers.actions, Action, tuple(ACTIONS.values())),
    "modals": (handlers.modals, ModalHandler, tuple(MODALS.values())),
    "jobs": (handlers.jobs, Job, JOBS),
}
LISTS_NOTHING = {
    "handlers.modals.build_log",  # a window without a form: its buttons are actions
    "handlers.modals.item_list",  # the same
    "handlers.modals.reveal",  # a window without a form: it only shows
    "handlers.commands.help",  # made from the other commands, in the list itself
}


def modules(package: ModuleType) -> list[ModuleType]:
    found = (entry.name for entry in pkgutil.iter_modules(package.__path__, f"{package.__name__}."))
    return [importlib.import_module(name) for name in found]


def things(module: ModuleType, kind: type) -> list[object]:
    return [value for value in vars(module).values() if isinstance(value, kind)]


@pytest.mark.parametrize("folder", FOLDERS)
def test_everything_in_the_folder_is_listed(folder: str):
    package, kind, listed = FOLDERS[folder]
    found = [thing for module in modules(package) for thing in things(module, kind)]

    assert [thing for thing in found if not any(thing is one for one in listed)] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_file_without_anything_to_list_does_not_belong_in_the_folder(folder: str):
    package, kind, _ = FOLDERS[folder]

    assert {module.__name__ for module in modules(package) if not things(module, kind)} <= LISTS_NOTHING


@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_is_listed_twice(folder: str):
    _, _, listed = FOLDERS[folder]

    assert len({id(thing) for thing in listed}) == len(listed)


def test_the_exceptions_are_still_there():
    names = {module.__name__ for package, _, _ in FOLDERS.values() for module in modules(package)}

    assert names >= LISTS_NOTHING

"""Fixtures of the tests that use the program as its users do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from commandline import Cli, InProcess, Installed

# A busy machine is no fault of the code.
settings.register_profile("untimed", settings(), deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def empty_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book as ``funnelctl init`` makes it."""
    home = tmp_path_factory.mktemp("init")
    Installed(home, None)("init book.db")
    return home / "book.db"


@pytest.fixture
def book(tmp_path: Path, empty_book: Path) -> Path:
    """An empty book of this test's own."""
    return Path(shutil.copy(empty_book, tmp_path / "book.db"))


@pytest.fixture
def run(tmp_path: Path, book: Path) -> Cli:
    """The installed program, as a process, on an empty book that ``FUNNELCTL_DB`` names."""
    return Installed(tmp_path, book)


@pytest.fixture
def call(tmp_path: Path, book: Path) -> Cli:
    """The same within this process."""
    return InProcess(tmp_path, book)


@pytest.fixture
def newcomer(tmp_path: Path) -> Cli:
    """The installed program where nothing was ever saved and no file is named."""
    return Installed(tmp_path, None)

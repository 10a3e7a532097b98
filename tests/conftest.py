"""What every test may ask for: real data, and the optional parts by name."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.contenttypes.management import create_contenttypes
from django.db.models.signals import post_migrate
from hypothesis import settings

# The same examples in every run, however busy the machine: what was green stays green until somebody changes it.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")

# A password is as costly as can be to whoever guesses; here thousands are made that nobody guesses.
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost = 1, 8
Argon2PasswordHasher.parallelism = 1

ROOT = Path(__file__).parent.parent
REQUIRED = os.environ.get("REGULARS_REQUIRE") == "all"


def require(present: bool, name: str) -> None:
    """Skip by name what this machine cannot run; where everything is required, fail instead."""
    if present:
        return
    if REQUIRED:
        pytest.fail(f"{name} is required here and absent")
    pytest.skip(f"{name} is absent")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """The database; emptied, it does not get Django's permissions again, which we do not use and take long."""
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)


@pytest.fixture(scope="session")
def data_file() -> Callable[[str], Path]:
    """Finds a file of real data in ``$REGULARS_DATA``, by default ``../shared/data``."""
    folder = Path(os.environ.get("REGULARS_DATA", ROOT.parent / "shared" / "data"))

    def find(name: str) -> Path:
        require((folder / name).is_file(), f"the data file {name}")
        return folder / name

    return find


@pytest.fixture(scope="session")
def java() -> None:
    """Needs a Java runtime, for Spark."""
    require(shutil.which("java") is not None, "Java (for Spark)")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium to look at pages with."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    require(path is not None, "Chromium")
    return str(path)

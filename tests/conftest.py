"""Fixtures that several test modules use."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from sulh.store.reading import Store

_ROOT = Path(__file__).resolve().parents[1]

settings.register_profile(
    "default",
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("long", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("SULH_HYPOTHESIS", "default"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of public data files, or skip where it is absent."""
    folder = _ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the public data files (../shared/data) are not beside the repository")
    return folder


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root of the checkout."""
    return _ROOT


_REAL = (
    "un_monthly_pdf",
    "un_hub",
    "ipi",
    "geopko",
    "non_un",
    "shortfall",
    "pact",
    "countries",
)


@pytest.fixture(scope="session")
def real_store(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Return a store built from the public data files, once for a test run.

    Workers that run side by side share it: the first one imports, the others wait at a lock. While
    working on tests, SULH_REAL_STORE names a store that is already there.
    """
    from filelock import FileLock

    from sulh.intake.importing import import_paths
    from sulh.store.reading import Store

    if ready := os.environ.get("SULH_REAL_STORE"):
        return Store.open(ready)
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    folder, done = shared / "real_store", shared / "real_store.done"
    with FileLock(shared / "real_store.lock"):
        if not done.is_file():
            import_paths([shared_data / name for name in _REAL], folder)
            done.touch()
    return Store.open(folder)

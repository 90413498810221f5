from __future__ import annotations

import os
from pathlib import Path

import pytest
from filelock import FileLock

from sulh.intake.importing import import_paths
from sulh.store.reading import Store


@pytest.fixture(scope="session")
def ties_store(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Return a store of the sources of cooperation, built once for a test run."""
    if ready := os.environ.get("SULH_TIES_STORE"):
        return Store.open(ready)
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    folder, done = shared / "ties_store", shared / "ties_store.done"
    with FileLock(shared / "ties_store.lock"):
        if not done.is_file():
            countries = shared_data / "countries"
            files = [countries / "igo_state_year.csv", countries / "sipri_arms_dyad_year.csv"]
            folders = [shared_data / name for name in ("atop", "unvotes", "fmtrpt")]
            import_paths(
                [*folders, *files, countries / "cow_nmc.csv", shared_data / "ipi/Gender.Full.csv"],
                folder,
            )
            done.touch()
    return Store.open(folder)

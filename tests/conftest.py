"""Fixtures that several test modules use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

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

"""Fixtures that tests of every folder share."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Machines that run the tests differ in speed: a slow example is not a failure.
settings.register_profile("counterplan", deadline=None)
settings.load_profile("counterplan")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of the larger real tables, which stands beside the checkout.

    ``COUNTERPLAN_SHARED`` names it where it stands elsewhere. Without the folder a test skips
    with this reason; where CI says so (CI=true) it fails, because there nobody else would check.
    """
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("COUNTERPLAN_SHARED", beside))
    if not folder.is_dir():
        reason = f"the larger tables are not at {folder}: set COUNTERPLAN_SHARED to their folder"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder

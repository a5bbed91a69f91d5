import pytest

from counterplan.economy.economy import Economy
from counterplan.economy.package import read_package
from counterplan.economy.split import split_producers
from counterplan.examples import packaged_economy


@pytest.fixture(scope="session")
def russia() -> Economy:
    return read_package(packaged_economy("russia-2014"))


@pytest.fixture(scope="session")
def workplaces() -> Economy:
    """Regions, joint products, several techniques for one producer, projects, routes."""
    return read_package(packaged_economy("three-workplaces"))


@pytest.fixture(scope="session")
def thousand(russia: Economy) -> Economy:
    return split_producers(russia, producers=1_000, seed=7)

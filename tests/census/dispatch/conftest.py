"""Offices: dispatchers of one lane or of several, each with an exchange behind it."""

import pytest

from tests.census.dispatch.office import Office, OneLaneOffice


@pytest.fixture
def office(clock):
    return lambda budget, **how: OneLaneOffice(clock, budget, **how)


@pytest.fixture
def office_of_lanes(clock):
    return lambda **how: Office(clock, how.pop("lanes", {"a": 4, "b": 4}), **how)

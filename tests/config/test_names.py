"""Where a setting comes from, and names that are not known."""

from dataclasses import FrozenInstanceError, fields

import pytest
from scrapy.settings import BaseSettings

from p2p_scrapy import config
from p2p_scrapy.config import Config
from tests.config.given import read


def test_settings_are_frozen():
    with pytest.raises(FrozenInstanceError):
        read().retries = 5


def test_the_environment_goes_before_the_defaults():
    found = config.values({"P2P_FIATS": "VES", "P2P_RETRIES": "7", "PATH": "/bin", "FIATS": "BOB"})
    assert (found["P2P_FIATS"], found["P2P_RETRIES"]) == ("VES", "7")
    assert found["P2P_INTERVAL_SECONDS"] == "600"
    assert set(found) == {config.setting_name(field.name) for field in fields(Config)}
    assert Config.from_settings(BaseSettings(found)).fiats == ("VES",)


def test_an_environment_variable_that_is_empty_counts_as_not_given():
    assert config.values({"P2P_RETRIES": "", "P2P_DATA_DIR": ""}) == config.values({})


def test_the_name_of_a_setting():
    assert config.setting_name("requests_per_minute") == "P2P_REQUESTS_PER_MINUTE"
    assert config.setting_name("database_url") == "DATABASE_URL"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("P2P_FIAT", "; did you mean P2P_FIATS?"),
        ("P2P_REQUEST_PER_MINUTE", "; did you mean P2P_REQUESTS_PER_MINUTE?"),
        ("P2P_ZZZZZZ", ""),
    ],
)
def test_a_setting_that_is_not_known_is_said_with_what_was_meant(caplog, name, meant):
    assert read(**{name: "VES"}) == read()
    assert caplog.messages == [f"Setting {name} is not known here and has no effect{meant}"]


def test_settings_of_others_are_none_of_ours(caplog):
    read(USER_AGENT="x", P2PX="y", P2P_FIATS="VES")
    assert caplog.messages == []

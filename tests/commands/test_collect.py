import os

import pytest

from p2p_scrapy.commands.collect import _without_secrets

SECRETS = {
    "P2P_PROXIES": "http://anna:secret@10.0.0.1:3128",
    "DATABASE_URL": "postgresql://anna:secret@db/p2p?options=-c%20x=y",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    for name in SECRETS:
        monkeypatch.setenv(name, "as it was")


def test_what_may_hold_a_password_is_handed_on_in_the_environment():
    given = [f"{name}={value}" for name, value in SECRETS.items()]
    assert _without_secrets(["P2P_FIATS=VES", *given]) == ["P2P_FIATS=VES"]
    assert {name: os.environ[name] for name in SECRETS} == SECRETS


def test_what_is_not_given_stays_as_it_was():
    assert _without_secrets(["P2P_FIATS=VES"]) == ["P2P_FIATS=VES"]
    assert {os.environ[name] for name in SECRETS} == {"as it was"}

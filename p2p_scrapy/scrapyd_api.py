"""The scrapyd of scrapy.cfg, as ``make deploy`` and the cron script ask it.

scrapyd-client's own class knows no time limit and no ``_version``, and ends with a traceback where
scrapyd is away. The API: https://scrapyd.readthedocs.io/en/1.6.0/api.html
"""

import os
import re
from collections.abc import Mapping, Sequence
from typing import Any, Self
from urllib.parse import quote, urlsplit

import requests
from scrapyd_client.utils import get_config

from p2p_scrapy.errors import P2PError

SECONDS = 30.0
"""For an answer: scrapyd starts a process to learn the spiders of an egg that is new to it."""

USER, PASSWORD = "SCRAPYD_USERNAME", "SCRAPYD_PASSWORD"
"""Environment variables; scrapyd reads the same two (its basicauth.py)."""


class ScrapydError(P2PError):
    """scrapyd does not answer, or would not do what it was asked."""


def stored(version: str) -> str:
    """A version as scrapyd lists it: the name of the egg's file (its eggstorage.py)."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", version)


class Scrapyd:
    """One project on one scrapyd; every call raises a ScrapydError where it fails."""

    def __init__(self, url: str, project: str, environ: Mapping[str, str]) -> None:
        self.project = project
        self._url = url.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False  # neither a proxy nor .netrc is meant for it
        if environ.get(USER):
            self._session.auth = (environ[USER], environ.get(PASSWORD, ""))

    @classmethod
    def of_project(cls) -> Self:
        """The one that the scrapy.cfg of the working folder names."""
        target = get_config()["deploy"]  # type: ignore[no-untyped-call]
        return cls(target["url"], target["project"], os.environ)

    @property
    def place(self) -> str:
        """Host and port, for messages: an address may hold a password."""
        parts = urlsplit(self._url)
        return f"{parts.hostname}:{parts.port or 80}"

    def versions(self) -> Sequence[str]:
        """The names of all eggs, the one that runs at last."""
        return list(self._get("listversions")["versions"])

    def spiders(self, version: str) -> Sequence[str]:
        """What an egg holds; scrapyd imports it to know."""
        return list(self._get("listspiders", _version=version)["spiders"])

    def jobs(self) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Jobs by state: pending, running and finished."""
        return self._get("listjobs")

    def state(self, job: str) -> str | None:
        """Pending, running or finished; None where there is no such job."""
        told: str | None = self._get("status", job=job)["currstate"]
        return told

    def schedule(self, spider: str, job: str, settings: Mapping[str, str]) -> None:
        """Start a job; whoever may list processes sees the settings: no secrets."""
        given = [f"{name}={value}" for name, value in settings.items()]
        self._post("schedule", spider=spider, jobid=job, setting=given)

    def remove(self, version: str) -> None:
        """Delete an egg, so that the one before it runs again."""
        self._post("delversion", version=version)

    def log(self, spider: str, job: str) -> str:
        """What a job has logged."""
        path = "/".join(quote(each) for each in ("logs", self.project, spider, f"{job}.log"))
        return self._answer("GET", path).text

    def _get(self, name: str, **query: str) -> Mapping[str, Any]:
        query["project"] = self.project
        return self._read(self._answer("GET", f"{name}.json", params=query))

    def _post(self, name: str, **form: Any) -> Mapping[str, Any]:
        form["project"] = self.project
        return self._read(self._answer("POST", f"{name}.json", data=form))

    def _answer(self, method: str, path: str, **more: Any) -> requests.Response:
        try:
            answer = self._session.request(method, f"{self._url}/{path}", timeout=SECONDS, **more)
        except requests.RequestException as error:
            message = f"scrapyd at {self.place} does not answer ({type(error).__name__})"
            raise ScrapydError(
                f"{message}; is it up, is the address in scrapy.cfg right?"
            ) from error
        if answer.status_code == requests.codes.unauthorized:
            message = f"scrapyd at {self.place} does not accept user and password"
            hint = f"{USER} and {PASSWORD} must be what scrapyd itself was started with"
            raise ScrapydError(f"{message}; {hint}")
        return answer

    def _read(self, answer: requests.Response) -> Mapping[str, Any]:
        try:
            told: dict[str, Any] = answer.json()
        except ValueError as error:
            message = f"{self.place} answers with status {answer.status_code} and no JSON"
            raise ScrapydError(f"{message}; is that scrapyd?") from error
        if told.get("status") != "ok":
            said = str(told.get("message", "no reason given")).strip().splitlines()
            raise ScrapydError(f"scrapyd at {self.place} refuses: {said[-1]}")
        return told

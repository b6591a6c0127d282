"""Which version runs: beside the code, and never an egg that something shadows."""

import sys

from p2p_scrapy.version import UNVERSIONED, place, version, version_line


def test_a_working_tree_has_none(root):
    assert place() == root
    assert version_line() == f"p2p_scrapy {UNVERSIONED} from {root}"


def test_an_installation_elsewhere_is_not_taken_for_it(tmp_path, monkeypatch):
    found = tmp_path / "p2p_scrapy-9.9.dist-info"
    found.mkdir()
    (found / "METADATA").write_text("Metadata-Version: 2.1\nName: p2p-scrapy\nVersion: 9.9\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert version() == UNVERSIONED
    monkeypatch.setattr("p2p_scrapy.version.place", lambda: tmp_path)
    assert version() == "9.9"


def test_a_job_can_say_it_and_asks_nothing(scrapy, tmp_path):
    done = scrapy("crawl", "deployed")
    assert done.returncode == 0
    folder = tmp_path / "data"
    assert f"{version_line()} works with the data folder {folder}" in done.stderr
    assert "Crawled 0 pages" in done.stderr


def test_a_job_of_scrapyd_refuses_a_relative_folder_in_its_own_log(scrapy, tmp_path):
    log = tmp_path / "job.log"
    settings = {"SCRAPY_PROJECT": "default", "P2P_DATA_DIR": ""}
    done = scrapy("crawl", "deployed", "-s", f"LOG_FILE={log}", **settings)
    assert done.returncode == 2
    told = "setting P2P_DATA_DIR is './data'; it must be an absolute path under scrapyd"
    assert told in done.stderr
    assert told in log.read_text("utf-8")
    assert "Traceback" not in done.stderr + log.read_text("utf-8")


def test_a_job_of_scrapyd_takes_an_absolute_folder(scrapy):
    assert scrapy("crawl", "deployed", SCRAPY_PROJECT="default").returncode == 0

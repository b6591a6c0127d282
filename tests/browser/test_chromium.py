import pytest
from scrapy.settings import BaseSettings, Settings

from p2p_scrapy.browser import chromium
from p2p_scrapy.browser.chromium import NoChromiumError
from p2p_scrapy.browser.enabling import HANDLER, enable
from p2p_scrapy.parsing import Transport


@pytest.fixture
def bin_folder(tmp_path, monkeypatch):
    """The only folder on the PATH, empty."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("name", ["chromium", "chromium-browser"])
def test_chromium_is_found_on_the_path(bin_folder, name):
    (bin_folder / name).touch(0o755)
    assert chromium.path() == str(bin_folder / name)
    assert chromium.launch_options()["executable_path"] == str(bin_folder / name)


@pytest.mark.usefixtures("bin_folder")
def test_its_absence_is_said_with_what_to_do():
    with pytest.raises(NoChromiumError) as caught:
        chromium.path()
    assert str(caught.value) == (
        "there is no Chromium on this machine; apt-get install chromium on Debian"
    )
    assert caught.value.exit_code == 1


@pytest.mark.usefixtures("bin_folder")
def test_a_run_by_the_browser_alone_is_refused_without_it():
    with pytest.raises(NoChromiumError):
        enable(BaseSettings(), Transport.BROWSER)


def test_the_handler_is_enabled_only_where_it_may_be_needed(bin_folder):
    by_transport = {each: Settings() for each in Transport}
    (bin_folder / "chromium").touch(0o755)
    for transport, settings in by_transport.items():
        enable(settings, transport)
    handlers = {each: s.getwithbase("DOWNLOAD_HANDLERS") for each, s in by_transport.items()}
    assert HANDLER not in handlers[Transport.API].values()
    for transport in (Transport.BROWSER, Transport.AUTO):
        assert handlers[transport]["http"] == handlers[transport]["https"] == HANDLER
        assert handlers[transport]["data"] != HANDLER


@pytest.mark.usefixtures("bin_folder")
def test_handlers_of_other_schemes_are_left_as_they_are():
    settings = Settings({"DOWNLOAD_HANDLERS": {"s3": None}})
    enable(settings, Transport.AUTO)
    handlers = settings.getwithbase("DOWNLOAD_HANDLERS")
    assert (handlers["s3"], handlers["http"], handlers["https"]) == (None, HANDLER, HANDLER)

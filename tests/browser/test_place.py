from scrapy import Request

from p2p_scrapy.browser.place import Place

PAGE = "https://p2p.example/en/trade"


def place_of(meta=None, **headers):
    return Place.of(Request("https://p2p.example/api", headers=headers, meta=meta))


def test_the_page_is_the_one_that_the_request_says_it_comes_from():
    place = place_of(**{"Referer": PAGE, "User-Agent": "Chrome"})
    assert place == Place(PAGE, "Chrome")
    assert place.context_options() == {"user_agent": "Chrome"}


def test_without_a_referer_it_is_the_address_itself():
    assert place_of() == Place("https://p2p.example/api", "")
    assert place_of().context_options() == {}


def test_a_proxy_with_its_account():
    header = {"Referer": PAGE, "Proxy-Authorization": "Basic bWU6czpjcmV0"}
    place = place_of({"proxy": "http://10.0.0.1:80"}, **header)
    assert place.context_options() == {
        "proxy": {"server": "http://10.0.0.1:80", "username": "me", "password": "s:cret"}
    }
    assert str(place) == f"{PAGE} through http://10.0.0.1:80"
    assert "cret" not in f"{place} {place!r}"


def test_a_proxy_without_one():
    options = place_of({"proxy": "http://10.0.0.1:80"}).context_options()
    assert options == {"proxy": {"server": "http://10.0.0.1:80"}}


def test_an_account_that_nobody_can_read_is_none():
    assert place_of(**{"Proxy-Authorization": "Basic x"}).user == ""


def test_other_accounts_are_other_places():
    header = {"Proxy-Authorization": "Basic bWU6czpjcmV0"}
    meta = {"proxy": "http://10.0.0.1:80"}
    assert place_of(meta) != place_of(meta, **header)

"""No web page can use a local server, and proxies and containers can."""

import pytest
from toy import head, request, rows, running

from keras_gan.serving.hosts import HostCheck

pytestmark = pytest.mark.backends("tensorflow", reason="the server runs TensorFlow")


def check(bound="127.0.0.1", allowed=()):
    return HostCheck(None, None, bound, allowed)


ALLOWED = ["localhost", "LOCALHOST:8501", "127.0.0.1:8501", "[::1]:8501", "10.0.0.7"]


@pytest.mark.parametrize("host", ALLOWED)
def test_own_names_and_numeric_addresses_are_allowed(host):
    assert check().allows_host(host)


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "a:b:c", ""]
)
def test_other_names_are_not(host):
    assert not check().allows_host(host)
    assert check(allowed=["*"]).allows_host(host)


def test_the_bound_name_and_listed_names_are_allowed():
    assert check(bound="desk.local").allows_host("desk.local:8501")
    listed = check(allowed=["gan.example.org", "*.lan"])
    assert listed.allows_host("gan.example.org")
    assert listed.allows_host("desk.lan")
    assert not listed.allows_host("sub.gan.example.org")
    assert not listed.allows_host("lan")


def test_an_origin_must_be_the_server_itself_or_listed():
    hosts = ["127.0.0.1:8501"]
    assert check().allows_origin("http://127.0.0.1:8501", hosts)
    assert not check().allows_origin("http://127.0.0.1:3000", hosts)
    assert not check().allows_origin("http://evil.example", hosts)
    assert not check().allows_origin("null", hosts)
    assert check(allowed=["localhost"]).allows_origin("http://localhost:3000", hosts)
    proxied = check(allowed=["gan.example.org"])
    assert proxied.allows_origin("https://gan.example.org", hosts)
    assert check().allows_origin("https://gan.example.org", ["gan.example.org:443"])


def test_a_page_of_another_site_drives_nothing():
    with running() as server:
        body = rows(1)
        status, _, answer = server.predict(1, Origin="http://evil.example")
        assert status == 403
        assert "--allowed-host" in answer["error"]
        status, _, answer = server.predict(1, Host="evil.example")
        assert status == 403
        assert "'evil.example'" in answer["error"]
        assert server.models.calls == []
        origin = {"Origin": server.address, "Host": f"127.0.0.1:{server.port}"}
        assert server.predict(1, **origin)[0] == 200
        without = request(body).replace(b"Host: localhost\r\n", b"")
        assert server.ask(without)[0] == 200  # no browser
    options = {"allowed_hosts": ["gan.example.org"]}
    with running(options=options) as server:
        assert server.predict(1, Host="gan.example.org")[0] == 200
        listing = head(method="GET", path="/models", Host="evil.example")
        assert server.ask(listing)[0] == 403

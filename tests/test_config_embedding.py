"""EMBED_HOSTS: whose pages may show the next calls in a frame."""

from __future__ import annotations

import pytest

from app.config import Settings, SettingsError


@pytest.fixture
def hosts(tmp_path):
    def read(text, **more):
        return Settings.from_env({"INSTANCE_DIR": str(tmp_path), "EMBED_HOSTS": text, **more}).embed_hosts

    return read


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("", ()),
        ("www.example.org", ("https://www.example.org",)),
        ("https://WWW.example.org/, *.example.com:8443", ("https://www.example.org", "https://*.example.com:8443")),
        ("a.example\n a.example", ("https://a.example",)),
        ("http://localhost:1313", ("http://localhost:1313",)),
    ],
)
def test_hosts_become_what_a_policy_names(hosts, text, listed):
    assert hosts(text) == listed


@pytest.mark.parametrize(
    "text", ["*", "https://*", "'self'", "a.example; script-src *", "https://a.example/page", "data:", "a..example"]
)
def test_what_is_no_host_is_named_and_nothing_starts(hosts, text):
    with pytest.raises(SettingsError, match="EMBED_HOSTS has a word that is no host"):
        hosts(text)


def test_a_list_without_end_is_refused(hosts):
    with pytest.raises(SettingsError, match="EMBED_HOSTS lists more than 50 hosts"):
        hosts(" ".join(f"h{number}.example" for number in range(51)))


def test_in_production_a_frame_needs_https(hosts):
    production = {
        "TOUCHPOINTS_ENV": "production",
        "SECRET_KEY": "k" * 32,
        "BASE_URL": "https://t.example.org",
        "MAIL_URL": "smtp://mail.example.org",
        "MAIL_FROM": "t@example.org",
    }
    assert hosts("a.example", **production) == ("https://a.example",)
    with pytest.raises(SettingsError, match="EMBED_HOSTS"):
        hosts("http://a.example", **production)

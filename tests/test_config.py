"""Settings: what a person sets is what the application gets, and what is unsafe does not start."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from threading import Barrier

import pytest

from app import site_of
from app.config import MailSettings, Settings, SettingsError
from app.config.mailbox import MailboxSettings
from app.config.privacy import OperatorSettings
from app.domain.retention import Retention
from app.domain.site import USUAL_HOSTS

ROOT = Path(__file__).resolve().parent.parent
KEY = "f3b1" * 16
PRODUCTION = {
    "TOUCHPOINTS_ENV": "production",
    "SECRET_KEY": KEY,
    "BASE_URL": "https://touchpoints.example.org",
    "MAIL_URL": "smtp://olu:pass%2Fword@mail.example.org:587?tls=starttls",
    "MAIL_FROM": "Touchpoints <touchpoints@example.org>",
}
Read = Callable[..., Settings]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Settings from nothing but the given variables, with the instance folder in the test's own."""
    return lambda **variables: Settings.from_env({"INSTANCE_DIR": str(tmp_path / "instance"), **variables})


@pytest.fixture
def problems(read: Read) -> Callable[..., tuple[str, ...]]:
    def problems_of(**variables: str) -> tuple[str, ...]:
        with pytest.raises(SettingsError) as refused:
            read(**variables)
        return refused.value.problems

    return problems_of


# Development


def test_development_needs_no_variable(read, tmp_path):
    settings = read()
    instance = tmp_path / "instance"
    assert settings.is_development
    assert settings.instance_dir == instance
    assert settings.database_url == f"sqlite:///{instance}/touchpoints.sqlite3"
    assert settings.queue_url == f"sqlite:///{instance}/queue.sqlite3"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.uid_domain == "127.0.0.1"
    assert settings.mail == MailSettings(kind="folder", tls="none", folder=instance / "mail")
    assert (settings.mail_from, settings.reply_to) == ("Touchpoints <touchpoints@localhost>", "touchpoints@localhost")
    assert (settings.ratelimit_storage_uri, settings.trusted_proxies) == ("memory://", 0)
    assert (settings.settle_minutes, settings.community_name, settings.port) == (5, "Touchpoints", 8000)
    assert settings.invite_mode == "request"


def test_development_links_follow_the_port(read):
    assert read(PORT="8123").base_url == "http://127.0.0.1:8123"


def test_development_keeps_one_secret_key_that_only_its_owner_reads(read, tmp_path):
    first, second = read(), read()
    path = tmp_path / "instance" / "secret-key"
    assert first.secret_key == second.secret_key == path.read_text()
    assert len(first.secret_key) == 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secret-key"]


def test_processes_that_start_together_for_the_first_time_share_one_key(read):
    together = Barrier(8)

    def start(_number: int) -> str:
        together.wait()
        return read().secret_key

    with ThreadPoolExecutor(8) as processes:
        assert len(set(processes.map(start, range(8)))) == 1


def test_a_secret_key_that_is_set_is_not_kept(read, tmp_path):
    assert read(SECRET_KEY="short").secret_key == "short"
    assert list((tmp_path / "instance").iterdir()) == []


def test_an_empty_variable_counts_as_absent(read):
    assert read(BASE_URL="", PORT=" ").base_url == "http://127.0.0.1:8000"


def test_tests_keep_mail_in_memory_and_write_no_key(read, tmp_path):
    settings = read(TOUCHPOINTS_ENV="test")
    assert settings.mail.kind == "memory"
    assert list((tmp_path / "instance").iterdir()) == []


# Production


def test_production_with_its_five_variables_starts(read):
    settings = read(**PRODUCTION)
    assert settings.is_production
    assert settings.base_url == "https://touchpoints.example.org"
    assert settings.uid_domain == "touchpoints.example.org"
    assert settings.reply_to == "touchpoints@example.org"
    assert settings.mail == MailSettings("smtp", "mail.example.org", 587, "olu", "pass/word", "starttls")


def test_production_names_everything_that_is_missing_at_once(problems):
    assert [problem.split(";")[0].split(". ")[0] for problem in problems(TOUCHPOINTS_ENV="production")] == [
        "BASE_URL is missing",
        "MAIL_FROM is missing",
        "SECRET_KEY is missing",
        "MAIL_URL is missing",
    ]


def test_each_problem_says_what_a_right_value_looks_like(problems):
    (problem,) = problems(**PRODUCTION | {"BASE_URL": "http://touchpoints.example.org"})
    wrong, right = problem.split(". ", maxsplit=1)
    assert wrong == "BASE_URL is not https; sign-in links and cookies would travel in the clear"
    assert right == "Right: https:// and the host that people type, such as https://touchpoints.example.org"


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("SECRET_KEY", KEY[:31], "is short enough to be guessed"),
        ("MAIL_URL", "folder:mail", "writes mail into a folder, which is for development"),
        ("MAIL_URL", "memory:", "keeps mail in memory, which is for tests only"),
        ("MAIL_URL", "smtp://olu:secret@mail.example.org?tls=none", "would send the password unencrypted"),
    ],
)
def test_production_refuses_what_is_unsafe(problems, variable, value, reason):
    (problem,) = problems(**PRODUCTION | {variable: value})
    assert problem.startswith(f"{variable} {reason}")


def test_production_may_hand_mail_to_a_relay_without_password_in_the_clear(read):
    settings = read(**PRODUCTION | {"MAIL_URL": "smtp://127.0.0.1:25?tls=none"})
    assert settings.mail == MailSettings("smtp", "127.0.0.1", 25, tls="none")


def test_an_unknown_environment_is_held_to_the_rules_of_production(problems):
    found = problems(TOUCHPOINTS_ENV="prod")
    assert found[0] == "TOUCHPOINTS_ENV is unknown. Right: development, production or test"
    assert len(found) == 5


# Files


def test_each_variable_can_come_from_a_file(read, tmp_path):
    path = tmp_path / "key"
    path.write_text(f"{KEY}\n")
    without_key = {name: value for name, value in PRODUCTION.items() if name != "SECRET_KEY"}
    assert read(**without_key, SECRET_KEY_FILE=str(path)).secret_key == KEY


def test_a_variable_and_its_file_together_are_refused(problems, tmp_path):
    path = tmp_path / "key"
    path.write_text(KEY)
    assert problems(SECRET_KEY=KEY, SECRET_KEY_FILE=str(path)) == (
        "SECRET_KEY and SECRET_KEY_FILE are both set. Right: one of the two",
    )


@pytest.mark.parametrize(("content", "reason"), [(None, "No such file or directory"), (b"\xff\xfe", "not UTF-8 text")])
def test_a_file_that_cannot_be_read_says_why(problems, tmp_path, content, reason):
    path = tmp_path / "name"
    if content is not None:
        path.write_bytes(content)
    (problem,) = problems(COMMUNITY_NAME_FILE=str(path))
    assert problem.startswith(f"COMMUNITY_NAME_FILE cannot be read ({reason})")


def test_an_instance_folder_that_cannot_be_made_says_why(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match=r"INSTANCE_DIR cannot be made \(File exists\)"):
        Settings.from_env({"INSTANCE_DIR": str(tmp_path / "file")})


# Single variables


@pytest.mark.parametrize(
    ("given", "read_as"),
    [
        ("postgresql://olu:pw@db/calls", "postgresql+psycopg://olu:pw@db/calls"),
        ("postgres://olu:pw@db/calls", "postgresql+psycopg://olu:pw@db/calls"),
        ("postgresql+psycopg://db/calls", "postgresql+psycopg://db/calls"),
        ("sqlite:////srv/calls.sqlite3", "sqlite:////srv/calls.sqlite3"),
    ],
)
def test_a_database_address_names_the_driver(read, given, read_as):
    assert read(DATABASE_URL=given).database_url == read_as


@pytest.mark.parametrize(
    ("given", "read_as"),
    [
        ("postgres://db/calls", "postgresql://db/calls"),
        ("postgresql+psycopg://db/calls", "postgresql://db/calls"),
        ("redis://cache:6379/0", "redis://cache:6379/0"),
    ],
)
def test_a_queue_address_is_normalised(read, given, read_as, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: object())
    assert read(QUEUE_URL=given).queue_url == read_as


def test_redis_that_is_not_installed_is_named(problems, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    found = problems(QUEUE_URL="redis://cache/0", RATELIMIT_STORAGE_URI="redis://cache/1")
    assert found == tuple(
        f"{name} needs the package redis, which is not installed. Right: run `pip install redis` first"
        for name in ("QUEUE_URL", "RATELIMIT_STORAGE_URI")
    )


@pytest.mark.parametrize(
    ("given", "read_as"),
    [
        ("https://Calls.Example.org/", "https://calls.example.org"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
    ],
)
def test_a_base_url_is_normalised(read, given, read_as):
    assert read(BASE_URL=given).base_url == read_as


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BASE_URL", "touchpoints.example.org"),
        ("BASE_URL", "https://example.org/touchpoints"),
        ("BASE_URL", "https://example.org?"),
        ("BASE_URL", "https://example.org/#top"),
        ("BASE_URL", "https://olu:pw@example.org"),
        ("BASE_URL", "https://[::1"),
        ("BASE_URL", "ftp://example.org"),
        ("DATABASE_URL", "mysql://db/calls"),
        ("DATABASE_URL", "sqlite://"),
        ("QUEUE_URL", "amqp://broker"),
        ("RATELIMIT_STORAGE_URI", "file:///tmp/limits"),
        ("MAIL_URL", "mail.example.org"),
        ("MAIL_FROM", "Touchpoints"),
        ("MAIL_FROM", "olu@example.org, vera@example.org"),
        ("MAIL_FROM", "Olu <olu@example.org>\nBcc: nora@example.org"),
        ("REPLY_TO", "organizers"),
        ("UID_DOMAIN", "exa mple"),
        ("SISTER_CALENDAR_HOSTS", "https://calendar.google.com"),
        ("SISTER_CALENDAR_HOSTS", "example.org,,*"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "8000a"),
        ("PORT", "٨٠٠٠"),
        ("TRUSTED_PROXIES", "-1"),
        ("SETTLE_MINUTES", "1441"),
        ("TALKS_PER_ORGANISATION", "0"),
        ("RETENTION_PROPOSALS_MONTHS", "0"),
        ("RETENTION_ACCOUNTS_MONTHS", "1"),
        ("RETENTION_SPEAKERS_MONTHS", "a year"),
        ("RETENTION_MAIL_BODIES_DAYS", "366"),
        ("RETENTION_AUDIT_MONTHS", "121"),
        ("PRIVACY_CONTROLLER", "x" * 201),
        ("PRIVACY_HOST", "two\nlines"),
        ("PRIVACY_CONTACT", "nobody"),
        ("INVITE_MODE", "Publish"),
        ("COMMUNITY_NAME", "C" * 81),
        ("COMMUNITY_NAME", "Two\nlines"),
    ],
)
def test_a_value_that_cannot_be_right_is_named(problems, variable, value):
    (problem,) = problems(**{variable: value})
    assert problem.startswith(f"{variable} ")


def test_what_is_set_is_taken(read):
    settings = read(
        REPLY_TO="organizers@example.org",
        UID_DOMAIN="Calls.Example.org",
        TRUSTED_PROXIES="2",
        SETTLE_MINUTES="0",
        INVITE_MODE="publish",
        COMMUNITY_NAME="Círculo de llamadas",
    )
    assert (settings.reply_to, settings.uid_domain) == ("organizers@example.org", "calls.example.org")
    assert (settings.trusted_proxies, settings.settle_minutes, settings.invite_mode) == (2, 0, "publish")
    assert settings.community_name == "Círculo de llamadas"


def test_a_list_of_hosts_replaces_the_usual_ones(read):
    assert read().sister_calendar_hosts is None
    assert read(SISTER_CALENDAR_HOSTS="None").sister_calendar_hosts == ()
    listed = read(SISTER_CALENDAR_HOSTS="Calendar.Google.com, *.example.org,example.net:8443")
    assert listed.sister_calendar_hosts == ("calendar.google.com", "*.example.org", "example.net:8443")
    assert site_of(read()).sister_hosts == USUAL_HOSTS
    assert site_of(listed).sister_hosts == listed.sister_calendar_hosts


# Mail


@pytest.mark.parametrize(
    ("url", "mail"),
    [
        ("smtp://mail.example.org", MailSettings("smtp", "mail.example.org", 587)),
        ("smtp://mail.example.org:465", MailSettings("smtp", "mail.example.org", 465, tls="implicit")),
        ("smtp://mail.example.org?tls=implicit", MailSettings("smtp", "mail.example.org", 465, tls="implicit")),
        ("smtp://mail.example.org?tls=none", MailSettings("smtp", "mail.example.org", 25, tls="none")),
        ("smtp://o%40x:p%3Aw%25@[::1]:2525", MailSettings("smtp", "::1", 2525, "o@x", "p:w%")),
        ("folder:/srv/mail", MailSettings("folder", tls="none", folder=Path("/srv/mail"))),
        ("folder:instance/mail", MailSettings("folder", tls="none", folder=ROOT / "instance" / "mail")),
        ("memory:", MailSettings("memory", tls="none")),
    ],
)
def test_a_mail_address_says_server_security_and_credentials(url, mail):
    assert MailSettings.parse(url) == mail


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mail.example.org:587", "starts with neither smtp:// nor folder:"),
        ("folder:", "names no folder"),
        ("smtp://", "names no host"),
        ("smtp://mail.example.org:0", "has a port that is not a number from 1 to 65535"),
        ("smtp://mail.example.org:smtp", "has a port that is not a number from 1 to 65535"),
        ("smtp://olu@mail.example.org", "has a user without a password, or a password without a user"),
        ("smtp://mail.example.org?tls=ssl", "has a tls= that is not starttls, implicit or none"),
        ("smtp://mail.example.org?tls=none&tls=starttls", "has an option that is not tls"),
        ("smtp://mail.example.org?timeout=5", "has an option that is not tls"),
        (
            "smtp://olu:hush/hush@mail.example.org",
            "has a path or a fragment; percent-encode /, ?, # and @ in the password",
        ),
        ("smtp://mail.example.org#hush", "has a path or a fragment; percent-encode /, ?, # and @ in the password"),
        ("smtp://olu:hush@[::1", "is no address"),
    ],
)
def test_a_mail_address_that_cannot_be_read_says_why_without_its_password(url, reason):
    with pytest.raises(ValueError, match=r".") as refused:
        MailSettings.parse(url)
    assert str(refused.value) == reason


# Secrets and starting


def test_no_secret_shows_when_settings_are_printed(read):
    settings = read(
        SECRET_KEY="hush-key",
        DATABASE_URL="postgresql://olu:hush-db@db/calls",
        QUEUE_URL="postgresql://olu:hush-queue@db/calls",
        MAIL_URL="smtp://olu:hush-mail@mail.example.org",
    )
    assert "hush" not in repr(settings)


@pytest.mark.parametrize("command", [["-m", "flask", "--app", "wsgi", "routes"], ["-m", "app.serve"]])
def test_a_refused_start_is_plain_lines_and_exit_2(command, tmp_path):
    environ = {**os.environ, "TOUCHPOINTS_ENV": "production", "INSTANCE_DIR": str(tmp_path), "SECRET_KEY": KEY[:8]}
    started = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    lines = started.stderr.splitlines()
    assert (started.returncode, started.stdout) == (2, "")
    assert lines[0] == "Touchpoints cannot start with these settings:"
    assert [line.split()[1] for line in lines[1:]] == ["BASE_URL", "MAIL_FROM", "SECRET_KEY", "MAIL_URL"]
    assert KEY[:8] not in started.stderr


def test_development_is_not_served_to_other_machines(tmp_path):
    environ = {**os.environ, "TOUCHPOINTS_ENV": "development", "INSTANCE_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "app.serve", "--host", "0.0.0.0"]
    started = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert (started.returncode, started.stderr) == (
        2,
        "Development settings are for this machine only: set TOUCHPOINTS_ENV=production to listen to others.\n",
    )


# Mail that comes in


def test_a_mailbox_is_one_address_over_tls(read):
    assert read().mailbox is None
    assert read().inbound_address == ""
    mailbox = read(
        MAILBOX_URL="imaps://touchpoints%40example.org:p%40ss%2Fword@mail.example.org/Touch%20points"
    ).mailbox
    assert mailbox == MailboxSettings(
        "mail.example.org", 993, "touchpoints@example.org", "p@ss/word", "implicit", "Touch points"
    )
    other = read(MAILBOX_URL="imap+starttls://olu:word@mail.example.org:1143/").mailbox
    assert (other.port, other.tls, other.folder) == (1143, "starttls", "INBOX")
    assert "word" not in repr(other)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("imap://olu:secret@mail.example.org", "starts with neither imaps:// nor imap+starttls://"),
        ("imaps://mail.example.org", "lacks the host, the user or the password"),
        ("imaps://olu@mail.example.org", "lacks the host, the user or the password"),
        ("imaps://olu:secret@mail.example.org:x", "is no address"),
        ("imaps://olu:sec?ret@mail.example.org", "is no address"),
        ("imaps://olu:secret@mail.example.org/?x=y", "has a query or a fragment; percent-encode ?, # and @"),
        ('imaps://olu:secret@mail.example.org/a"b', "names a folder that is not plain letters"),
        ("imaps://olu:secret@mail.example.org/a%0D%0Ab", "names a folder that is not plain letters"),
        ("imaps://olu:secret@mail.example.org/Gr%C3%BCn", "names a folder that is not plain letters"),
    ],
)
def test_a_mailbox_that_cannot_be_read_is_refused_without_its_password(problems, url, reason):
    (problem,) = problems(MAILBOX_URL=url)
    assert problem.startswith("MAILBOX_URL ")
    assert reason in problem
    assert "secret" not in problem


def test_the_address_of_the_mailbox_can_be_extended(read, problems):
    assert read(INBOUND_ADDRESS="Touchpoints <Touch.Points@Example.org>").inbound_address == "touch.points@example.org"
    for address in ("a" * 31 + "@example.org", "touch+points@example.org", "touchpoints@gr\u00fcn.example"):
        (problem,) = problems(INBOUND_ADDRESS=address)
        assert problem.startswith("INBOUND_ADDRESS cannot be extended with a plus sign.")
    (problem,) = problems(INBOUND_ADDRESS="nobody")
    assert problem == "INBOUND_ADDRESS is not one address. Right: organizers@example.org"


def test_periods_and_the_operator_are_taken_as_they_are_set(read):
    settings = read(RETENTION_PROPOSALS_MONTHS="6", RETENTION_QUESTIONS_DAYS="14", PRIVACY_CONTROLLER="Example e.V.")
    assert (settings.retention.proposals_months, settings.retention.questions_days) == (6, 14)
    assert settings.operator == OperatorSettings(controller="Example e.V.")


def test_the_domain_and_the_settings_have_the_same_periods(read):
    assert asdict(read().retention) == asdict(Retention())


def test_a_mail_cannot_go_before_its_text(problems):
    found = problems(RETENTION_MAILS_MONTHS="1", RETENTION_MAIL_BODIES_DAYS="60")
    assert [problem.split()[0] for problem in found] == ["RETENTION_MAILS_MONTHS"]

"""No line of the log holds a name, an address, a title, a token or a query, whichever library writes it."""

import logging

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from app.logs import MASK, keep_logs_clean, scrubbed
from app.models import Person

TOKEN = "q8Xv0_Zr3kWm1TbLs5NdYh2PjGcEfAiU"
NAME, TITLE, ADDRESS = "Sam Speaker", "Upstream first", "vera@example.org"
SIGNED = "eyJpZCI6NH0.aRkGZw.Zb1nVYyqkHnTzLrPqWsXcDvFgBh"


@pytest.fixture
def written(caplog):
    """What a handler writes of everything that is logged, whole."""
    keep_logs_clean()
    caplog.set_level(logging.DEBUG)
    form = logging.Formatter("%(name)s %(message)s")
    return lambda: "\n".join(form.format(record) for record in caplog.records)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (
            f'127.0.0.1 - - "GET /calendar/mine/{TOKEN}.ics?x=1 HTTP/1.1" 200 -',
            '127.0.0.1 - - "GET /calendar••• HTTP/1.1" 200 -',
        ),
        (f"Exception on /subscribe/off/{SIGNED} [POST]", "Exception on /subscribe••• [POST]"),
        ("from 203.0.113.9 to vera@example.org", f"from {MASK} to {MASK}"),
        ("no answer at https://zoom.us/j/123?pwd=abc now", f"no answer at https://zoom.us/{MASK} now"),
        ("postgresql://vera:word@db/touchpoints", f"postgresql://{MASK}@db/touchpoints"),
        ("passcode: 445566", f"passcode: {MASK}"),
        (f"task {TOKEN} failed", f"task {MASK} failed"),
        (f"link {SIGNED}", f"link {MASK}"),
        ("Listening at: http://127.0.0.1:8000", "Listening at: http://127.0.0.1:8000"),
        ("publication cannot be read: touchpoint=4", "publication cannot be read: touchpoint=4"),
        (
            "a call cannot be written as an event: key=x7k2mpq4rt",
            "a call cannot be written as an event: key=x7k2mpq4rt",
        ),
    ],
)
def test_a_line_keeps_ids_and_loses_what_is_secret(line, shown):
    assert scrubbed(line) == shown


def test_the_words_of_a_traceback_that_is_logged_as_text_go_too(written):
    logging.getLogger("_granian").error(
        "Application callable raised an exception\nTraceback (most recent call last):\n"
        '  File "/srv/app/web/pages.py", line 5, in home\nValueError: Sam Speaker, sam@example.org'
    )
    assert 'File "/srv/app/web/pages.py", line 5' in written()
    assert "ValueError: •••" in written()
    assert "Sam" not in written()


def test_an_error_and_its_causes_are_named_by_kind_and_place(written):
    def fail():
        try:
            raise KeyError(NAME)
        except KeyError as error:
            raise ValueError(f"{TITLE}, by {NAME}") from error

    with pytest.raises(ValueError, match=TITLE):
        fail()
    try:
        fail()
    except ValueError:
        logging.getLogger("huey").exception("Unhandled exception in task %s of %s.", TOKEN, ADDRESS)
    assert "Unhandled exception in task ••• of •••" in written()
    assert written().endswith("KeyError")
    assert "ValueError\n\nwhich came from" in written()
    assert "in fail" in written()
    assert [word for word in (NAME, TITLE, ADDRESS, TOKEN) if word in written()] == []


def test_what_the_database_refuses_is_logged_without_values(session, written):
    session.add_all([Person(email=ADDRESS, name="Vera"), Person(email=ADDRESS, name="Vera")])
    try:
        session.flush()
    except IntegrityError:
        logging.getLogger("x").exception("refused")
        session.rollback()
    try:
        session.execute(text("SELECT no_such_column FROM person WHERE email = :email"), {"email": ADDRESS})
    except (OperationalError, ProgrammingError):
        logging.getLogger("x").exception("wrong")
        session.rollback()
    assert "no_such_column" in written()
    assert "IntegrityError" in written()
    assert ADDRESS not in written()


def test_a_message_with_too_few_arguments_and_a_stack_are_cleaned(written):
    logging.getLogger("x").warning("%s of %s", *(ADDRESS,))
    logging.getLogger("x").warning("here", stack_info=True)
    assert ADDRESS not in written()
    assert "Stack (most recent call last)" in written()


def test_cleaning_twice_is_cleaning_once():
    keep_logs_clean()
    factory = logging.getLogRecordFactory()
    keep_logs_clean()
    assert logging.getLogRecordFactory() is factory


def test_a_circle_of_causes_ends(written):
    first, second = ValueError("Sam"), ValueError("Sam")
    first.__cause__, second.__cause__ = second, first
    logging.getLogger("x").error("round", exc_info=first)
    assert written().count("ValueError") == 2

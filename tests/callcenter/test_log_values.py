"""An error of the database is logged without the values of the row that it is about."""

import logging
import sys

import django_rq
import pytest
import structlog
from django.db import IntegrityError, transaction
from rq import Queue, SimpleWorker
from structlog.stdlib import ProcessorFormatter

from callcenter.logging import logging_settings
from contacts.models import ContactNumber
from tests.factories import make_contact

pytestmark = pytest.mark.django_db
NUMBER = "+34600123456"


@pytest.fixture(autouse=True)
def _other_loggers_stay_as_they_are():
    """To ask for the settings of the logs configures them; loggers in use would be heard by no later test."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def written(record: logging.LogRecord, style: str = "json") -> str:
    """The line that this record becomes."""
    options = logging_settings(level="INFO", style=style)["formatters"]["structured"]
    return ProcessorFormatter(**{name: value for name, value in options.items() if name != "()"}).format(record)


def break_a_constraint() -> None:
    """A number twice, or a row whose text has several lines."""
    with transaction.atomic():
        ContactNumber.objects.create(contact=make_contact(), e164=NUMBER, rank=2)


@pytest.fixture
def _number_is_taken():
    make_contact(e164=NUMBER)


@pytest.mark.usefixtures("_number_is_taken")
@pytest.mark.parametrize("style", ["json", "text"])
def test_an_error_is_logged_without_the_number_it_is_about(style):
    try:
        break_a_constraint()
    except IntegrityError:
        record = logging.LogRecord("any", logging.ERROR, __file__, 1, "failed", None, sys.exc_info())
    line = written(record, style)
    assert "e164" in line
    assert NUMBER not in line


@pytest.mark.usefixtures("_number_is_taken")
def test_a_failed_job_is_logged_without_the_number_it_is_about(redis_queue, caplog):
    redis_queue.enqueue(break_a_constraint)
    logger = logging.getLogger("rq.worker")
    logger.addHandler(caplog.handler)
    SimpleWorker([redis_queue], connection=redis_queue.connection).work(burst=True, logging_level="WARNING")
    logger.removeHandler(caplog.handler)
    lines = [written(record) for record in caplog.records if record.levelno >= logging.ERROR]
    assert "IntegrityError" in "".join(lines)
    assert NUMBER not in "".join(lines)


@pytest.fixture
def redis_queue() -> Queue:
    queue = Queue("log-values", connection=django_rq.get_connection())
    yield queue
    queue.delete()


def test_what_follows_the_values_is_kept():
    text = "bad\nDETAIL:  Failing row contains (1, Ana\n\nRuiz).\nHINT:  Try again.\n\nThe above exception was it"
    record = logging.LogRecord("any", logging.ERROR, __file__, 1, text, None, None)
    line = written(record)
    assert "Ana" not in line
    assert "Ruiz" not in line
    assert "HINT:  Try again." in line

"""One line a request, with its id; never a call's secret, never what was searched for."""

from uuid import uuid4

import pytest
from structlog.testing import capture_logs

pytestmark = pytest.mark.django_db


def lines_of(client, path: str, **extra) -> list[dict]:
    with capture_logs() as lines:
        client.get(path, **extra)
    return [line for line in lines if line["event"] == "request_finished"]


def test_a_request_is_one_line_with_method_path_and_status(client):
    (line,) = lines_of(client, "/accounts/login/")
    assert (line["request"], line["code"]) == ("GET /accounts/login/", 200)


def test_what_was_searched_for_is_not_logged(client, alice):
    client.force_login(alice)
    (line,) = lines_of(client, "/contacts/?search=600123456")
    assert "600123456" not in str(line)


def test_the_secret_of_a_call_is_not_logged(client):
    call_id = uuid4()
    (line,) = lines_of(client, f"/telephony/{call_id}/very-secret/voice")
    assert "very-secret" not in str(line)
    assert str(call_id) in line["request"]

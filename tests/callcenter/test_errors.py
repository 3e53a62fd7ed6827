"""Error pages: a clear word, the id to quote, a way back; never a traceback."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from callcenter import urls as real_urls

FAULTS = {
    "missing": Http404("secret detail"),
    "forbidden": PermissionDenied("secret detail"),
    "strange": SuspiciousOperation("secret detail"),
    "broken": RuntimeError("secret detail"),
}


@login_not_required
def fail(request: HttpRequest, fault: str) -> HttpResponse:
    raise FAULTS[fault]


urlpatterns = [path("fail/<str:fault>", fail), path("", include(real_urls.urlpatterns))]
handler400, handler403 = real_urls.handler400, real_urls.handler403
handler404, handler500 = real_urls.handler404, real_urls.handler500

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
STATUSES = [("missing", 404), ("forbidden", 403), ("strange", 400), ("broken", 500)]


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(("fault", "status"), STATUSES)
def test_an_error_page_tells_its_number_and_a_way_back_and_no_detail(browser, fault, status):
    response = browser.get(f"/fail/{fault}")
    page = response.content.decode()
    assert response.status_code == status
    assert str(status) in page
    assert 'href="/"' in page
    assert "secret detail" not in page


@pytest.mark.parametrize(("fault", "status"), STATUSES)
def test_an_error_page_names_the_request_as_the_log_does(browser, fault, status):
    response = browser.get(f"/fail/{fault}")
    assert len(response["X-Request-ID"]) == 36
    assert response["X-Request-ID"] in response.content.decode()


@pytest.mark.parametrize(("fault", "status"), STATUSES)
def test_a_program_gets_a_problem_document_instead(browser, fault, status):
    response = browser.get(f"/fail/{fault}", headers={"Accept": "application/json"})
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == status
    assert response.json()["request_id"] == response["X-Request-ID"]


def test_an_error_page_needs_no_database(browser, django_db_blocker):
    with django_db_blocker.block():
        assert browser.get("/fail/broken").status_code == 500


def test_an_error_page_needs_no_collected_static_files(browser, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    assert browser.get("/fail/missing").status_code == 404


def test_a_form_without_its_token_is_told_to_reload():
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a@example.com", "password": "x"})
    assert response.status_code == 403
    assert "This form has expired" in response.content.decode()


def test_errors_speak_the_readers_language(browser):
    page = browser.get("/fail/missing", headers={"Accept-Language": "es"}).content.decode()
    assert 'lang="es"' in page

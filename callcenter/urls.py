from importlib import import_module

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from callcenter import health, home

admin.site.site_header = admin.site.site_title = "Centralita"
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

ROOMS = {
    "contacts/": "contacts.urls",
    "campaigns/": "campaigns.urls",
    "calls/": "calls.urls",
    "reports/": "reports.urls",
    "telephony/": "calls.telephony_urls",
}


def _rooms() -> list[URLPattern | URLResolver]:
    found: list[URLPattern | URLResolver] = []
    for prefix, module in ROOMS.items():
        try:
            found.append(path(prefix, include(import_module(module))))
        except (ImportError, AttributeError):
            continue
    return found


urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("accounts.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    *_rooms(),
]

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from accounts.views import set_language
from callcenter import health, home
from callcenter.queues import queue_urlpatterns

admin.site.site_header = admin.site.site_title = "Centralita"
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", home.home, name="home"),
    path("favicon.ico", home.favicon, name="favicon"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("accounts.urls")),
    path("i18n/setlang/", set_language, name="set_language"),
    path("admin/queues/", include(queue_urlpatterns)),
    path("admin/", admin.site.urls),
    path("contacts/", include("contacts.urls")),
    path("campaigns/", include("campaigns.urls")),
    path("calls/", include("calls.urls")),
    path("reports/", include("reports.urls")),
    path("telephony/", include("calls.telephony_urls")),
]

handler400 = "callcenter.errors.bad_request"
handler403 = "callcenter.errors.permission_denied"
handler404 = "callcenter.errors.not_found"
handler500 = "callcenter.errors.server_error"

from django.urls import path

from reports import views

app_name = "reports"

urlpatterns = [
    path("", views.index, name="index"),
    path("campaigns/<uuid:pk>/", views.campaign_report, name="campaign"),
    path("export/", views.export, name="export"),
]

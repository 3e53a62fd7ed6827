from django.urls import path

from campaigns import views

app_name = "campaigns"

urlpatterns = [
    path("", views.campaign_list, name="list"),
    path("new/", views.create_campaign, name="create"),
    path("new/validate/", views.validate_field, name="validate"),
    path("<uuid:pk>/", views.campaign_detail, name="detail"),
    path("<uuid:pk>/edit/", views.edit_campaign, name="edit"),
    path("<uuid:pk>/edit/validate/", views.validate_field, name="validate-edit"),
    path("<uuid:pk>/progress/", views.campaign_progress, name="progress"),
    path("<uuid:pk>/start/", views.start, name="start"),
    path("<uuid:pk>/pause/", views.pause, name="pause"),
    path("<uuid:pk>/resume/", views.resume, name="resume"),
    path("<uuid:pk>/add-contacts/", views.add_contacts, name="add-contacts"),
]

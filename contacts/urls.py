from django.urls import path

from contacts import views

app_name = "contacts"

urlpatterns = [
    path("", views.contact_list, name="list"),
    path("new/", views.create_contact, name="create"),
    path("import/", views.import_file, name="import"),
    path("import/confirm/", views.confirm_import, name="import-confirm"),
    path("imports/<uuid:pk>/", views.import_result, name="import-result"),
    path("imports/<uuid:pk>/rejects.csv", views.import_rejects, name="import-rejects"),
    path("<uuid:pk>/", views.contact_detail, name="detail"),
    path("<uuid:pk>/edit/", views.edit_contact, name="edit"),
    path("<uuid:pk>/block/", views.block, name="block"),
    path("<uuid:pk>/unblock/", views.unblock, name="unblock"),
]

from django.urls import path

from calls import views

app_name = "calls"

urlpatterns = [
    path("", views.call_list, name="list"),
    path("call-now/<uuid:contact_id>/", views.call_now, name="call-now"),
    path("<uuid:call_id>/", views.call_detail, name="detail"),
    path("<uuid:call_id>/transcript/", views.transcript, name="transcript"),
    path("<uuid:call_id>/recording/", views.recording, name="recording"),
    path("<uuid:call_id>/cancel/", views.cancel, name="cancel"),
    path("<uuid:call_id>/reschedule/", views.reschedule, name="reschedule"),
    path("<uuid:call_id>/hang-up/", views.hang_up, name="hang-up"),
]

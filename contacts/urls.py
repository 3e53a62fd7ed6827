from django.urls.resolvers import URLPattern

app_name = "contacts"
urlpatterns: list[URLPattern] = []

from django.apps import AppConfig


class CallcenterConfig(AppConfig):
    name = "callcenter"
    verbose_name = "Centralita"

    def ready(self) -> None:
        from callcenter import checks  # noqa: F401  (registers the system checks)

"""What a session has been told to do, as far as frames may change it."""

from dataclasses import dataclass

from simulator.relay.message import Message
from simulator.relay.settings import RelaySettings


@dataclass
class RelayState:
    settings: RelaySettings
    spoken: str
    heard: str

    @classmethod
    def beginning(cls, settings: RelaySettings) -> "RelayState":
        return cls(settings, settings.languages.spoken, settings.languages.heard)

    def message(
        self, *, interrupted_by: frozenset[str] | None = None, is_preemptible: bool | None = None, language: str = ""
    ) -> Message:
        """What a frame does not say, the attributes do."""
        settings = self.settings
        cut_by = settings.kinds("interruptible", "any") if interrupted_by is None else interrupted_by
        preemptible = settings.is_on("preemptible") if is_preemptible is None else is_preemptible
        voice = settings.languages.voice(language or self.spoken)
        return Message(voice, interrupted_by=cut_by, is_preemptible=preemptible)

    def greeting(self) -> Message:
        message = self.message(interrupted_by=self.settings.kinds("welcomeGreetingInterruptible", "any"))
        message.text, message.is_complete = self.settings.greeting, True
        return message

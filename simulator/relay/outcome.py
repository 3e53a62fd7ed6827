"""How a ConversationRelay session ended, as the Connect action is told."""

from dataclasses import dataclass

from simulator.relay.failure import RelayFailed

ACTION_SECONDS = {"completed": 0.65, "ended": 0.7, "failed": 1.2}
"""From the end of the session to the request, as measured."""


@dataclass
class RelayOutcome:
    """The default stands for a call that ended under the session."""

    session_id: str = ""
    status: str = "completed"
    handoff_data: str | None = None
    error_code: int = 0
    error_message: str = ""
    started_at: float = 0.0
    seconds: float = 0.0

    @property
    def action_seconds(self) -> float:
        return ACTION_SECONDS[self.status]

    def fields(self) -> dict[str, str]:
        fields = {
            "SessionId": self.session_id,
            "SessionStatus": self.status,
            "SessionDuration": str(round(self.seconds)),
        }
        if self.handoff_data is not None:
            fields["HandoffData"] = self.handoff_data
        if self.error_code:
            fields |= {"ErrorCode": str(self.error_code), "ErrorMessage": self.error_message}
        return fields

    def fail(self, failure: RelayFailed) -> None:
        self.status, self.error_code, self.error_message = "failed", failure.code, failure.message

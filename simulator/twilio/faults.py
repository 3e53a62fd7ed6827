"""What goes wrong in the carrier's REST API and in its news."""

from dataclasses import dataclass, field


@dataclass
class CarrierFaults:
    calls_api_delay_ms: float = 0.0
    calls_api_status: int = 0
    fail_calls_with: dict[str, int] = field(default_factory=dict)
    drop_status_callbacks: float = 0.0
    duplicate_status_callbacks: float = 0.02
    late_status_callbacks_ms: float = 0.0

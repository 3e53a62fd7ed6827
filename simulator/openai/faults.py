"""What goes wrong at the model."""

from dataclasses import dataclass


@dataclass
class ModelFaults:
    """first_token_ms, tokens_per_second: None is the network's own pace."""

    model_delay_ms: float = 0.0
    first_token_ms: float | None = None
    tokens_per_second: float | None = None
    model_status: int = 0
    model_stream_error: bool = False

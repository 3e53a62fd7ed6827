"""What goes wrong at the model."""

from dataclasses import dataclass


@dataclass
class ModelFaults:
    """first_token_ms, tokens_per_second: None is the network's own pace.

    model_status refuses with that status and its usual code, model_error with that code and its usual status
    ("insufficient_quota"); together they make any pair. model_retry_after_seconds goes with 429 and 503.
    model_stalls_first is silent before the first byte, model_stalls in the middle of the stream; model_cuts breaks the
    connection there. model_html and model_json answer 200 with a body that is no answer. The rest spoil the answer.
    """

    model_delay_ms: float = 0.0
    first_token_ms: float | None = None
    tokens_per_second: float | None = None
    model_status: int = 0
    model_error: str = ""
    model_retry_after_seconds: float = 1.0
    model_stream_error: bool = False
    model_no_done: bool = False
    model_stalls_first: bool = False
    model_stalls: bool = False
    model_cuts: bool = False
    model_html: bool = False
    model_json: bool = False
    model_empty: bool = False
    model_refuses: bool = False
    model_filters: bool = False
    model_bad_json: bool = False
    model_bad_arguments: bool = False
    model_unknown_tool: bool = False

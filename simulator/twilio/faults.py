"""What goes wrong in the carrier's REST API and in its news."""

from dataclasses import dataclass, field

WHEN = ("", "before", "after")


@dataclass
class CarrierFaults:
    """Those of the REST API strike any request; `numbers` limits them to calls that are placed to these.

    `calls_api_error` and `calls_api_problem` are error codes, the second told in the form of RFC 9457.
    `calls_api_hangs` (no answer ever comes) and `calls_api_resets` (the connection breaks) are "before" or "after":
    whether the request is carried out, so that a call exists of which its owner never heard.
    `create_error` is an error code for new calls alone, `calls_list_error_page` the page (from 1) that fails.
    Those of status callbacks are shares of the events: lost, told twice, or told after the one that follows.
    `skip_ringing` is the share of the quickly answered calls that never tell of their ringing.
    """

    calls_api_delay_ms: float = 0.0
    calls_api_status: int = 0
    calls_api_error: int = 0
    calls_api_problem: int = 0
    calls_api_hangs: str = field(default="", metadata={"choices": WHEN})
    calls_api_resets: str = field(default="", metadata={"choices": WHEN})
    create_error: int = 0
    calls_list_error_page: int = 0
    fail_calls_with: dict[str, int] = field(default_factory=dict)
    drop_status_callbacks: float = 0.0
    duplicate_status_callbacks: float = 0.02
    swap_status_callbacks: float = 0.05
    late_status_callbacks_ms: float = 0.0
    skip_ringing: float = 0.1

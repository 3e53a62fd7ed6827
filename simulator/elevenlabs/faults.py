"""What goes wrong at the speech service."""

from dataclasses import dataclass


@dataclass
class SpeechFaults:
    """`first_byte_ms` and `pace` (times as fast as it is spoken): None is the network's own.

    speech_status, and speech_lists_status for models, voices and the user, refuse; under any name with
    speech_error_code; speech_error_shape is new, old or text.
    Sound ends after so many bytes with the connection cut, or stands still with the connection open.
    """

    speech_first_byte_ms: float | None = None
    speech_pace: float | None = None
    speech_status: int = 0
    speech_error_code: str = ""
    speech_lists_status: int = 0
    speech_error_shape: str = ""
    speech_cut_after_bytes: int = 0
    speech_stall_after_bytes: int = 0
    speech_empty_body: bool = False
    speech_wrong_content: bool = False

"""What can be done to a call. One file a subject; pages, webhooks, jobs and the dialer call the same functions."""

from calls.services.control import call_now, cancel_call, hang_up_call, reschedule_call
from calls.services.finishing import finish_call, note_why_ending, settle_disposition
from calls.services.moving import move
from calls.services.placing import place_call
from calls.services.progress import machine_answered, record_answered_by, record_status
from calls.services.promises import keep_wish, opt_out, promise_callback
from calls.services.queueing import queue_calls

__all__ = [
    "call_now",
    "cancel_call",
    "finish_call",
    "hang_up_call",
    "keep_wish",
    "machine_answered",
    "move",
    "note_why_ending",
    "opt_out",
    "place_call",
    "promise_callback",
    "queue_calls",
    "record_answered_by",
    "record_status",
    "reschedule_call",
    "settle_disposition",
]

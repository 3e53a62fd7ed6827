from calls.views.controls import call_now, cancel, hang_up, reschedule
from calls.views.pages import call_detail, call_list, transcript
from calls.views.recording import recording

__all__ = ["call_detail", "call_list", "call_now", "cancel", "hang_up", "recording", "reschedule", "transcript"]

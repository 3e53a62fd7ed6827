"""A complaint about the application as Twilio's debugger would keep it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.twilio.account import stable_sid
from simulator.twilio.call_record import CallRecord

COMPLAINT = re.compile(r"(?P<warning>warning )?(?P<code>\d{5})\b:? ?(?P<text>.*)", re.DOTALL)
ADDRESS = re.compile(r"https?://[^\s]+?(?=:?(\s|$))")


@dataclass(frozen=True)
class Alarm:
    sid: str
    call: CallRecord
    code: str
    is_warning: bool
    text: str
    at: datetime

    @property
    def more_info(self) -> str:
        return f"https://www.twilio.com/docs/errors/{self.code}"

    @property
    def address(self) -> str:
        match = ADDRESS.search(self.text)
        return match.group() if match else ""

    def exchange(self) -> dict[str, Any]:
        """The last request to the address of which it complains, and its answer."""
        for event in reversed(self.call.events):
            if event["request"]["url"].partition("#")[0] == self.address.partition("#")[0]:
                return event
        return {"request": {"method": None, "url": self.address or None, "parameters": {}}, "response": {}}


def alarms_of(call: CallRecord) -> Iterator[Alarm]:
    """Complaints without a number are this network's own. All bear the moment of the call's latest change."""
    for place, complaint in enumerate(call.complaints):
        match = COMPLAINT.fullmatch(complaint)
        if match:
            sid = stable_sid("NO", call.sid, str(place))
            text = match["text"] or complaint
            yield Alarm(sid, call, match["code"], bool(match["warning"]), text, call.updated_at)

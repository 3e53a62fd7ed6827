"""Twilio's REST API for recordings (https://www.twilio.com/docs/voice/api/recording)."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web
from multidict import MultiMapping

from simulator.handset.recorder import Recorder
from simulator.network import NETWORK
from simulator.twilio.api import PREFIX
from simulator.twilio.call_request import RecordingOrder, read_callback, read_choice, read_recording_events
from simulator.twilio.errors import TwilioError
from simulator.twilio.listing import in_period, page_body, read_moment
from simulator.twilio.recording_record import RecordingRecord

CURRENT = "Twilio.CURRENT"
DATE_FILTERS = ("DateCreated", "DateCreated<", "DateCreated>")


async def start_recording(request: web.Request) -> web.Response:
    network = request.app[NETWORK]
    recorder = find_recorder(request)
    recording = recorder.start(read_order(await request.post()))
    return web.json_response(recording.call_body(speed=network.pace.speed), status=201)


def find_recorder(request: web.Request) -> Recorder:
    """Only a call that is talking can be recorded."""
    network, call_sid = request.app[NETWORK], request.match_info["call_sid"]
    call = network.calls.get(call_sid)
    if call is None or call.is_deleted:
        raise TwilioError(20404)
    handset = network.handsets.get(call_sid)
    if handset is None or call.status != "in-progress":
        raise TwilioError(21220, "Requested resource is not eligible for recording: the call is not in-progress.")
    return handset.recorder


def read_order(form: MultiMapping[Any]) -> RecordingOrder:
    """Here silence is kept unless asked otherwise; Record=true on the call trims it."""
    return RecordingOrder(
        channels=2 if read_choice(form, "RecordingChannels", ("mono", "dual")) == "dual" else 1,
        source="StartCallRecordingAPI",
        track=read_choice(form, "RecordingTrack", ("both", "inbound", "outbound")),
        callback=read_callback(form, "RecordingStatusCallback"),
        events=read_recording_events(form),
        trim=read_choice(form, "Trim", ("do-not-trim", "trim-silence")),
    )


async def update_recording(request: web.Request) -> web.Response:
    """Which error refuses a recording that is over is not documented: the one of calls is likeliest."""
    form = await request.post()
    status = read_choice(form, "Status", ("", "paused", "in-progress", "stopped"))
    behavior = read_choice(form, "PauseBehavior", ("silence", "skip"))
    if not status:
        raise TwilioError(20001, "Status is required")
    recording = find_running(request)
    recorder = find_recorder(request)
    if status == "paused":
        recorder.pause(recording, behavior)
    elif status == "in-progress":
        recorder.resume(recording)
    else:
        recorder.stop(recording, status="stopped")
    return web.json_response(recording.call_body(speed=request.app[NETWORK].pace.speed))


def find_running(request: web.Request) -> RecordingRecord:
    """Twilio.CURRENT is the newest of those that run, where several do: Twilio does not document which."""
    if request.match_info["recording_sid"] == CURRENT:
        running = find_recorder(request).running
        if not running:
            raise TwilioError(20404)
        return running[-1]
    recording = find_recording(request)
    if recording.status not in ("in-progress", "paused"):
        raise TwilioError(21220, "Invalid recording state: it is over.")
    return recording


async def list_recordings(request: web.Request) -> web.Response:
    network, query = request.app[NETWORK], request.query
    found = filter_recordings(list(network.recordings.values()), query)
    rows = [entry.body(base_url=network.base_url, speed=network.pace.speed) for entry in found]
    return web.json_response(page_body("recordings", rows, query, request.path))


async def list_call_recordings(request: web.Request) -> web.Response:
    network, query = request.app[NETWORK], request.query
    call_sid = request.match_info["call_sid"]
    own = [entry for entry in network.recordings.values() if entry.call_sid == call_sid]
    rows = [entry.call_body(speed=network.pace.speed) for entry in filter_recordings(own, query)]
    return web.json_response(page_body("recordings", rows, query, request.path))


def filter_recordings(recordings: Sequence[RecordingRecord], query: MultiMapping[str]) -> list[RecordingRecord]:
    """Newest first. No call of this network is in a conference."""
    for name in DATE_FILTERS:
        if query.get(name):
            read_moment(query[name])
    if query.get("ConferenceSid"):
        return []
    call_sid = query.get("CallSid") or ""
    return [
        entry
        for entry in reversed(recordings)
        if call_sid in ("", entry.call_sid) and in_period(entry.started_at, query, "DateCreated")
    ]


async def fetch_recording(request: web.Request) -> web.Response:
    network = request.app[NETWORK]
    body = find_recording(request).body(base_url=network.base_url, speed=network.pace.speed)
    return web.json_response(body)


async def fetch_call_recording(request: web.Request) -> web.Response:
    speed = request.app[NETWORK].pace.speed
    return web.json_response(find_recording(request, or_current=True).call_body(speed=speed))


async def delete_recording(request: web.Request) -> web.Response:
    """One that still runs cannot be deleted, nor can a call."""
    recording = find_recording(request)
    if recording.status in ("in-progress", "paused"):
        raise TwilioError(20009)
    network = request.app[NETWORK]
    del network.recordings[recording.sid]
    for file in network.recordings_folder.glob(f"{recording.sid}*"):
        file.unlink(missing_ok=True)
    return web.Response(status=204)


def find_recording(request: web.Request, *, or_current: bool = False) -> RecordingRecord:
    sid, call_sid = request.match_info["recording_sid"], request.match_info.get("call_sid")
    if or_current and sid == CURRENT:
        return find_running(request)
    recording = request.app[NETWORK].recordings.get(sid)
    if recording is None or call_sid not in (None, recording.call_sid):
        raise TwilioError(20404)
    return recording


RECORDING = r"/Recordings/{recording_sid:RE\w+}"
ONE = r"/Recordings/{recording_sid:RE\w+|Twilio\.CURRENT}.json"
CALL = r"/Calls/{call_sid:CA\w+}"
routes = [
    web.get(PREFIX + "/Recordings.json", list_recordings),
    web.get(PREFIX + RECORDING + ".json", fetch_recording),
    web.delete(PREFIX + RECORDING + ".json", delete_recording),
    web.get(PREFIX + CALL + "/Recordings.json", list_call_recordings),
    web.post(PREFIX + CALL + "/Recordings.json", start_recording),
    web.get(PREFIX + CALL + ONE, fetch_call_recording),
    web.post(PREFIX + CALL + ONE, update_recording),
    web.delete(PREFIX + CALL + RECORDING + ".json", delete_recording),
]

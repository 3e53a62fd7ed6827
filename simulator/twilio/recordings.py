"""Twilio's REST API for recordings and their files."""

from aiohttp import web

from simulator.network import NETWORK
from simulator.twilio.api import PREFIX
from simulator.twilio.errors import TwilioError
from simulator.twilio.listing import page_body
from simulator.twilio.recording_record import RecordingRecord


async def list_recordings(request: web.Request) -> web.Response:
    network = request.app[NETWORK]
    call_sid = request.match_info.get("call_sid") or request.query.get("CallSid", "")
    found = [entry for entry in network.recordings.values() if call_sid in ("", entry.call_sid)]
    rows = [entry.body(base_url=network.base_url) for entry in reversed(found)]
    return web.json_response(page_body("recordings", rows, request.query, request.path))


async def fetch_recording(request: web.Request) -> web.Response:
    recording = find_recording(request)
    return web.json_response(recording.body(base_url=request.app[NETWORK].base_url))


async def download_media(request: web.Request) -> web.StreamResponse:
    recording = find_recording(request)
    if recording.path is None or not recording.path.exists():
        raise TwilioError(20404)
    return web.FileResponse(recording.path, headers={"Content-Type": "audio/x-wav"})


async def delete_recording(request: web.Request) -> web.Response:
    recording = find_recording(request)
    del request.app[NETWORK].recordings[recording.sid]
    if recording.path is not None:
        recording.path.unlink(missing_ok=True)
    return web.Response(status=204)


def find_recording(request: web.Request) -> RecordingRecord:
    recording = request.app[NETWORK].recordings.get(request.match_info["recording_sid"])
    call_sid = request.match_info.get("call_sid")
    if recording is None or call_sid not in (None, recording.call_sid):
        raise TwilioError(20404)
    return recording


RECORDING = r"/Recordings/{recording_sid:RE\w+}"
CALL = r"/Calls/{call_sid:CA\w+}"
routes = [
    web.get(PREFIX + "/Recordings.json", list_recordings),
    web.get(PREFIX + CALL + "/Recordings.json", list_recordings),
    web.get(PREFIX + RECORDING + ".json", fetch_recording),
    web.get(PREFIX + CALL + RECORDING + ".json", fetch_recording),
    web.get(PREFIX + RECORDING + ".wav", download_media),
    web.get(PREFIX + RECORDING, download_media),
    web.delete(PREFIX + RECORDING + ".json", delete_recording),
    web.delete(PREFIX + CALL + RECORDING + ".json", delete_recording),
]

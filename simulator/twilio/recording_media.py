"""The audio of recordings: .wav, .mp3, or neither, which is WAV."""

from pathlib import Path

from aiohttp import web

from simulator.handset.rendering import Conversion
from simulator.network import NETWORK, Network
from simulator.twilio.api import PREFIX
from simulator.twilio.errors import TwilioError
from simulator.twilio.recording_record import RecordingRecord
from simulator.twilio.recordings import CALL, RECORDING, find_recording

CONTENT_TYPES = {"wav": "audio/x-wav", "mp3": "audio/mpeg"}


async def download_media(request: web.Request) -> web.StreamResponse:
    """HEAD and Range are answered as for any file."""
    recording = find_recording(request)
    if recording.path is None or not recording.path.exists():
        raise TwilioError(20404)
    kind = request.match_info.get("kind", "wav")
    channels = read_channels(request, recording)
    path = await media_file(request.app[NETWORK], recording.path, recording.order.channels, kind, channels)
    return web.FileResponse(path, headers={"Content-Type": CONTENT_TYPES[kind]})


def read_channels(request: web.Request, recording: RecordingRecord) -> int:
    """A recording with one channel cannot be had with two; the code of that refusal is not documented."""
    text = request.query.get("RequestedChannels", "")
    if text not in ("", "1", "2") or (text == "2" and recording.order.channels == 1):
        raise TwilioError(20001, f"RequestedChannels: this recording has {recording.order.channels}")
    return int(text) if text else recording.order.channels


async def media_file(network: Network, recorded: Path, recorded_channels: int, kind: str, channels: int) -> Path:
    """Made when first asked for, and kept until the recording is deleted."""
    if (kind, channels) == ("wav", recorded_channels):
        return recorded
    target = recorded.with_name(f"{recorded.stem}-{channels}.{kind}")
    if not target.exists():
        await network.renderer.convert(Conversion(recorded, target, channels))
    return target


routes = [
    web.get(PREFIX + RECORDING + ".{kind:wav|mp3}", download_media),
    web.get(PREFIX + RECORDING, download_media),
    web.get(PREFIX + CALL + RECORDING + ".{kind:wav|mp3}", download_media),
    web.get(PREFIX + CALL + RECORDING, download_media),
]

"""The three vendors and the network's own doors on one port."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from simulator import own_api, status_page
from simulator.elevenlabs import api as elevenlabs_api
from simulator.network import NETWORK, Network
from simulator.openai import api as openai_api
from simulator.options import Options
from simulator.twilio import account_api, alerts, applications, events, numbers, permissions_api, pricing
from simulator.twilio import api as twilio_api
from simulator.twilio import recording_media as twilio_recording_media
from simulator.twilio import recordings as twilio_recordings
from simulator.twilio.exchange import Exchange
from simulator.twilio.gate import twilio_gate

LARGEST_REQUEST = 8 * 1024 * 1024
CARRIER = (
    twilio_api,
    account_api,
    applications,
    events,
    alerts,
    numbers,
    permissions_api,
    pricing,
    twilio_recordings,
    twilio_recording_media,
)
PARTS = (*CARRIER, elevenlabs_api, openai_api, own_api, status_page)


def build_app(options: Options) -> web.Application:
    gates = [twilio_gate, elevenlabs_api.elevenlabs_gate, openai_api.openai_gate]
    app = web.Application(middlewares=gates, client_max_size=LARGEST_REQUEST)
    network = Network(options)
    network.exchange = Exchange(network)
    app[NETWORK] = network
    for part in PARTS:
        app.add_routes(part.routes)
    app.on_cleanup.append(close_network)
    return app


async def close_network(app: web.Application) -> None:
    await app[NETWORK].close()


@asynccontextmanager
async def running_network(options: Options) -> AsyncIterator[Network]:
    """Listens from here on; `base_url` is where."""
    app = build_app(options)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0, handler_cancellation=True)
    await runner.setup()
    try:
        await web.TCPSite(runner, options.host, options.port, backlog=1024).start()
        network = app[NETWORK]
        network.listens_at = f"http://{options.host}:{runner.addresses[0][1]}"
        network.base_url = network.base_url or network.listens_at
        beating = asyncio.create_task(network.load.beat_forever())
        try:
            yield network
        finally:
            beating.cancel()
    finally:
        await runner.cleanup()


def stop_signal() -> asyncio.Event:
    """Set by INT and TERM."""
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    return stopped


async def serve(options: Options) -> None:
    stopped = stop_signal()
    async with running_network(options) as network:
        sys.stdout.write(f"simulator ready {network.listens_at}\n")
        sys.stdout.flush()
        await stopped.wait()

"""The three vendors and the network's own doors on one port."""

import asyncio
import signal
import sys

from aiohttp import web

from simulator import own_api, status_page
from simulator.elevenlabs import api as elevenlabs_api
from simulator.network import NETWORK, Network
from simulator.openai import api as openai_api
from simulator.options import Options
from simulator.twilio import account as twilio_account
from simulator.twilio import api as twilio_api
from simulator.twilio import recordings as twilio_recordings
from simulator.twilio.exchange import Exchange

LARGEST_REQUEST = 8 * 1024 * 1024
PARTS = (twilio_api, twilio_account, twilio_recordings, elevenlabs_api, openai_api, own_api, status_page)


def build_app(options: Options) -> web.Application:
    gates = [twilio_api.twilio_gate, elevenlabs_api.elevenlabs_gate, openai_api.openai_gate]
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


async def serve(options: Options) -> None:
    """Runs until INT or TERM."""
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    app = build_app(options)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, options.host, options.port, backlog=1024)
    await site.start()
    port = runner.addresses[0][1]
    app[NETWORK].base_url = app[NETWORK].base_url or f"http://{options.host}:{port}"
    sys.stdout.write(f"simulator ready http://{options.host}:{port}\n")
    sys.stdout.flush()
    await stopped.wait()
    await runner.cleanup()

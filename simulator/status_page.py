"""A page for people: the calls that are alive, and the latest that were."""

from html import escape

from aiohttp import web

from simulator.network import NETWORK, Network
from simulator.twilio.call_record import CallRecord

SHOWN_CALLS = 100
STYLE = (
    "body{font:15px/1.4 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #8884}"
    ":root{color-scheme:light dark}"
)
HEADINGS = ("To", "Status", "Persona", "Attempt", "Seconds", "Last words", "Complaints")


async def show_status(request: web.Request) -> web.Response:
    network = request.app[NETWORK]
    return web.Response(text=render_page(network), content_type="text/html")


def render_page(network: Network) -> str:
    calls = list(network.calls.values())
    live = [call for call in calls if not call.is_final]
    latest = [call for call in reversed(calls) if call.is_final][:SHOWN_CALLS]
    options = network.options
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2">'
        f"<title>Practice phone network</title><style>{STYLE}</style></head><body><main>"
        f"<h1>Practice phone network</h1><p>Speed {options.speed:g}, seed {options.seed}, "
        f"{len(live)} live of {len(calls)} calls.</p>"
        f"<h2>Live calls</h2>{render_table(live)}<h2>Finished calls</h2>{render_table(latest)}</main></body></html>"
    )


def render_table(calls: list[CallRecord]) -> str:
    head = "".join(f"<th>{heading}</th>" for heading in HEADINGS)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(map(render_row, calls))}</tbody></table>"


def render_row(call: CallRecord) -> str:
    words = call.transcript[-1] if call.transcript else None
    cells = (
        call.to,
        call.status,
        call.persona,
        call.attempt,
        call.duration_seconds or "",
        f"{words.speaker}: {words.text}" if words else "",
        len(call.complaints) or "",
    )
    return "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in cells) + "</tr>"


routes = [web.get("/", show_status)]

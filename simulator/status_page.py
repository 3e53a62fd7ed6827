"""Pages for people: the calls that are alive, the latest that were, and each one's words."""

from html import escape
from typing import Any

from aiohttp import web

from simulator.network import NETWORK, Network
from simulator.twilio.call_record import CallRecord

SHOWN_CALLS = 100
REFRESH_SECONDS = 2
STYLE = """
:root { color-scheme: light dark }
body { background: light-dark(#fff, #16171a); color: light-dark(#16171a, #eceef2) }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem }
.scrolls { overflow-x: auto }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #8886 }
a { color: light-dark(#0645ad, #9db8ff) }
.complaints { color: light-dark(#a11, #f99) }
"""
HEADINGS = ("To", "Status", "Persona", "Attempt", "Seconds", "Last words", "Complaints")
FACTS = (
    *("sid", "from", "direction", "parent_call_sid", "status", "persona", "attempt", "answered_by"),
    *("duration_seconds", "ended_by"),
)


async def show_status(request: web.Request) -> web.Response:
    return as_page(request, "Practice phone network", render_network(request.app[NETWORK]), is_live=True)


async def show_call(request: web.Request) -> web.Response:
    call = request.app[NETWORK].calls.get(request.match_info["sid"])
    if call is None:
        page = as_page(request, "No such call", "<h1>No such call</h1>" + WAY_BACK)
        page.set_status(404)
        return page
    return as_page(request, f"Call to {call.to}", render_call(call), is_live=not call.is_final)


async def show_style(request: web.Request) -> web.Response:
    return web.Response(text=STYLE, content_type="text/css")


WAY_BACK = '<p><a href="/">All calls</a></p>'


def as_page(request: web.Request, title: str, body: str, *, is_live: bool = False) -> web.Response:
    """A live page loads itself anew, unless the reader asked it to stand still."""
    headers = {"Content-Security-Policy": "default-src 'self'; img-src data:"}
    if is_live and "still" in request.query:
        body += f'<p><a href="{request.path}">Follow live</a></p>'
    elif is_live:
        headers["Refresh"] = str(REFRESH_SECONDS)
        body += f'<p>This page follows the calls. <a href="{request.path}?still">Stand still</a></p>'
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f'<link rel="stylesheet" href="/simulator/style.css"></head><body><main>{body}</main></body></html>'
    )
    return web.Response(text=html, content_type="text/html", headers=headers)


def render_network(network: Network) -> str:
    calls = list(network.calls.values())
    live = [call for call in calls if not call.is_final]
    latest = [call for call in reversed(calls) if call.is_final][:SHOWN_CALLS]
    options = network.options
    return (
        f"<h1>Practice phone network</h1><p>Speed {options.speed:g}, seed {options.seed}, "
        f"{len(live)} live of {len(calls)} calls. {render_faults(network)}</p>"
        f"{render_calls('Live calls', live)}{render_calls('Finished calls', latest)}"
    )


def render_faults(network: Network) -> str:
    names = network.faults.active_names()
    return f"Faults in force: {escape(', '.join(names))}." if names else "No faults in force."


def render_calls(heading: str, calls: list[CallRecord]) -> str:
    if not calls:
        return f"<h2>{heading}</h2><p>None yet.</p>"
    return f"<h2>{heading}</h2>{render_table(HEADINGS, [call_cells(call) for call in calls], heading)}"


def call_cells(call: CallRecord) -> list[str]:
    words = next((line for line in reversed(call.transcript) if line.text), None)
    cells = (
        call.status,
        call.persona,
        call.attempt,
        "" if call.duration_seconds is None else call.duration_seconds,
        f"{words.speaker}: {words.text}" if words else "",
        len(call.complaints) or "",
    )
    return [f'<a href="/calls/{call.sid}">{escape(call.to)}</a>', *(escape(str(cell)) for cell in cells)]


def render_call(call: CallRecord) -> str:
    summary = call.summary()
    facts = [
        [name.replace("_", " "), render_fact(name, summary[name])] for name in FACTS if summary[name] not in (None, "")
    ]
    lines = [[f"{line.at:.1f}", line.speaker, escape(line.text)] for line in call.transcript if line.text]
    words = render_table(("Second", "Who", "Words"), lines, "Transcript") if lines else "<p>Nothing was said yet.</p>"
    return (
        f"<h1>Call to {escape(call.to)}</h1>{WAY_BACK}{render_table(('Fact', 'Value'), facts, 'The call')}"
        f"<h2>Transcript</h2>{words}<h2>Complaints</h2>{render_complaints(call)}"
        f"<h2>Webhooks</h2>{render_webhooks(summary['webhooks'])}"
    )


def render_fact(name: str, value: object) -> str:
    shown = escape(str(value))
    return f'<a href="/calls/{shown}">{shown}</a>' if name == "parent_call_sid" else shown


def render_webhooks(webhooks: list[dict[str, Any]]) -> str:
    rows = [
        [
            escape(f"{entry['method']} {entry['url']}"),
            escape(str(entry["call_status"] or "")),
            answer_of(entry),
            f"{entry['milliseconds']} ms",
        ]
        for entry in webhooks
    ]
    return render_table(("Request", "Call", "Answer", "Took"), rows, "Webhooks") if rows else "<p>None yet.</p>"


def answer_of(webhook: dict[str, Any]) -> str:
    return f"error {webhook['error_code']}" if webhook["status"] is None else str(webhook["status"])


def render_complaints(call: CallRecord) -> str:
    items = "".join(f"<li>{escape(complaint)}</li>" for complaint in call.complaints)
    return f'<ul class="complaints">{items}</ul>' if items else "<p>None.</p>"


def render_table(headings: tuple[str, ...], rows: list[list[str]], label: str) -> str:
    """Cells are HTML already."""
    head = "".join(f'<th scope="col">{heading}</th>' for heading in headings)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        f'<div class="scrolls" role="region" aria-label="{label} table" tabindex="0">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


routes = [
    web.get("/", show_status),
    web.get(r"/calls/{sid:CA\w+}", show_call),
    web.get("/simulator/style.css", show_style),
]

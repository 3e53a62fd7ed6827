"""`python -m simulator call`: one call to an application that is not ours."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulator.application import Application, say
from tests.simulator.server import AUTH_TOKEN, ROOT

QUESTION = '<Gather input="speech" action="/more" language="es-ES"><Say language="es-ES">¿Le viene bien?</Say></Gather>'
FAREWELL = '<Response><Say language="es-ES">Muy bien, gracias.</Say></Response>'


def dial(url: str, *options: str, seconds: float = 60) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "simulator", "call", "--url", url, "--speed", "8", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=seconds)


@pytest.fixture
def asking(application: Application) -> Application:
    application.documents |= {"/voice": f"<Response>{QUESTION}</Response>", "/more": FAREWELL}
    return application


def test_a_call_is_told_as_it_happens_and_summed_up(asking: Application):
    ended = dial(f"{asking.base_url}/voice", "--persona", "cooperative", "--auth-token", AUTH_TOKEN)
    lines = [line.split(maxsplit=1)[-1] for line in ended.stdout.splitlines() if line.strip()]
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert [word for word in ("ringing", "in-progress", "completed") if word in lines] == [
        "ringing",
        "in-progress",
        "completed",
    ]
    assert "assistant  ¿Le viene bien?" in lines
    assert "assistant  Muy bien, gracias." in lines
    assert "the application ended it (cooperative)" in ended.stdout
    assert f"document from {asking.base_url}/more" in ended.stdout
    assert re.search(rf"\d+ ms  200 POST {asking.base_url}/voice \(in-progress\)\n", ended.stdout)
    assert ended.stdout.rstrip().endswith("none")


def test_the_application_can_check_the_signature_with_its_own_token(asking: Application):
    dial(f"{asking.base_url}/voice", "--persona", "cooperative", "--auth-token", AUTH_TOKEN)
    assert [(hit.path, hit.signed) for hit in asking.hits] == [("/voice", True), ("/more", True)]
    asking.hits.clear()
    dial(f"{asking.base_url}/voice", "--persona", "cooperative", "--auth-token", "another-token")
    assert [hit.signed for hit in asking.hits] == [False, False]


def test_the_report_can_be_one_json_object(asking: Application, tmp_path: Path):
    options = ("--persona", "cooperative", "--json", "--param", "Record=true", "--state-dir", str(tmp_path))
    report = json.loads(dial(f"{asking.base_url}/voice", *options).stdout)
    assert report["call"]["status"] == "completed"
    assert report["persona"] == "cooperative"
    assert {line["speaker"] for line in report["transcript"]} == {"person", "assistant"}
    assert report["complaints"] == []
    webhooks = [(entry["method"], entry["url"], entry["status"], entry["error_code"]) for entry in report["webhooks"]]
    assert webhooks == [("POST", f"{asking.base_url}/{path}", 200, None) for path in ("voice", "more")]
    assert {entry["call_status"] for entry in report["webhooks"]} == {"in-progress"}
    assert all(entry["milliseconds"] >= 0 for entry in report["webhooks"])
    assert all(timing["milliseconds"] > 0 for timing in report["timings"])
    assert Path(report["recordings"][0]["file"]).read_bytes()[:4] == b"RIFF"


def test_what_twilio_would_complain_about_is_shown_and_fails_the_command(application: Application):
    application.documents["/voice"] = "<Response><Say>Hola</Response>"
    ended = dial(f"{application.base_url}/voice", "--persona", "cooperative")
    assert ended.returncode == 1
    assert "12100" in ended.stdout


def test_a_relay_application_is_timed_turn_by_turn(application: Application):
    application.documents["/voice"] = (
        f'<Response><Connect><ConversationRelay url="{application.ws_url}/relay/talk" language="es-ES"/>'
        "</Connect></Response>"
    )

    async def talk(socket, frame):
        if frame["type"] == "prompt":
            await say(socket, "Entendido, ", "gracias.")
            await socket.send_json({"type": "end"})

    application.talk = talk
    options = ("--persona", "cooperative", "--json", "--allow-plain-ws")
    report = json.loads(dial(f"{application.base_url}/voice", *options).stdout)
    assert [timing["what"] for timing in report["timings"] if "turn" in timing["what"]] == ["turn 1: first words"]


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--persona", "nobody"), 1, "no persona nobody"),
        (("--to", "12"), 2, "21211"),
        (("--param", "Timeout=soon"), 2, "21208"),
    ],
)
def test_what_cannot_be_dialled_is_refused_in_one_line(options, code, words):
    ended = dial("http://127.0.0.1:9/voice", *options)
    assert ended.returncode == code
    assert ended.stderr.count("\n") == 1
    assert words in ended.stderr


def test_an_address_that_is_none_is_refused():
    ended = dial("voice")
    assert ended.returncode == 2
    assert "must begin with http:// or https://" in ended.stderr

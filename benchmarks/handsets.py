"""How many handsets one process of the practice network holds, and how punctual they are.

    python -m benchmarks.handsets --calls 300 --json             all at once, at the speed of life
    python -m benchmarks.handsets --campaign 1000 --speed 20     one after another, to the end of each

The network runs alone on core 1. A small ConversationRelay application and this driver, on core 0, answer every
prompt with two sentences and note how long the network takes to speak each part of them. The same words last equally
long on every handset: whatever one needs more than the most punctual is lateness.
"""

import argparse
import asyncio
import contextlib
import json
import os
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks import machine
from benchmarks.handset_application import HandsetApplication
from benchmarks.percentiles import percentiles
from simulator.options import PRACTICE_ACCOUNT_SID, PRACTICE_AUTH_TOKEN

ROOT = Path(__file__).resolve().parent.parent
FROM = "+34910000000"
FIRST_NUMBER = 34_600_000_000
FINAL = {"completed", "busy", "failed", "no-answer", "canceled"}
STARTS_PER_SECOND = 30
PATIENCE_SECONDS = 60
ORDERLY = "cooperative"


@dataclass(frozen=True)
class Settings:
    calls: int
    campaign: int
    seconds: float
    speed: float
    seed: int
    records: bool


def read_settings() -> tuple[Settings, bool]:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=300, help="handsets at once")
    parser.add_argument("--campaign", type=int, default=0, help="numbers to call to the end instead, --calls at once")
    parser.add_argument("--seconds", type=float, default=40.0, help="how long to measure once all are connected")
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--record", dest="records", action="store_true", help="record every call, both sides")
    parser.add_argument("--json", action="store_true", help="one object as the last line")
    values = vars(parser.parse_args())
    wants_json = values.pop("json")
    return Settings(**values), wants_json


def main() -> int:
    settings, wants_json = read_settings()
    table = asyncio.run(measure(settings))
    print_table(settings, table)
    if wants_json:
        print(json.dumps(table))
    return 0


async def measure(settings: Settings) -> dict[str, Any]:
    machine.pin([psutil.Process()], machine.OURS_CORE)
    application = HandsetApplication(ends_after=3 if settings.campaign else None)
    async with application.running(records=settings.records), running_network(settings) as network:
        driver = Driver(network, application, settings)
        async with driver:
            return await (driver.run_campaign() if settings.campaign else driver.hold_all())


@contextlib.asynccontextmanager
async def running_network(settings: Settings) -> Any:
    with tempfile.TemporaryDirectory(prefix="handsets-") as folder:
        options = {
            "port": 0,
            "speed": settings.speed,
            "seed": settings.seed,
            "state-dir": folder,
            "calls-per-second": STARTS_PER_SECOND,
        }
        arguments = [text for name, value in options.items() for text in (f"--{name}", str(value))]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "simulator", "--allow-plain-ws", *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        try:
            assert process.stdout is not None
            line = await process.stdout.readline()
            machine.pin([psutil.Process(process.pid)], machine.OTHERS_CORE)
            yield line.decode().split()[-1]
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()


class Driver:
    def __init__(self, network: str, application: HandsetApplication, settings: Settings) -> None:
        self._network, self._application, self._settings = network, application, settings
        self._account = f"{network}/2010-04-01/Accounts/{PRACTICE_ACCOUNT_SID}"

    async def __aenter__(self) -> "Driver":
        headers = {"Authorization": aiohttp.encode_basic_auth(PRACTICE_ACCOUNT_SID, PRACTICE_AUTH_TOKEN)}
        self._session = aiohttp.ClientSession(headers=headers, connector=aiohttp.TCPConnector(limit=50))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def hold_all(self) -> dict[str, Any]:
        """Everybody is connected before the measuring begins."""
        numbers = [f"+{FIRST_NUMBER + count}" for count in range(self._settings.calls)]
        for number in numbers:
            await self._post(f"{self._network}/simulator/personas/pin", {"number": number, "persona": ORDERLY})
        await asyncio.gather(*(self._dial(number) for number in numbers))
        await self._wait(lambda: self._application.live >= len(numbers), seconds=PATIENCE_SECONDS + len(numbers) / 10)
        await self._post(f"{self._network}/simulator/load/reset")
        self._application.spoken.clear()
        await asyncio.sleep(self._settings.seconds)
        load = await self._get("/simulator/load")
        return self._figures(load) | self._punctuality() | {"live_calls": load["live_calls"]}

    async def run_campaign(self) -> dict[str, Any]:
        """As many at once as --calls says; the population's people, from the first number to the last call's end."""
        began, slots = time.monotonic(), asyncio.Semaphore(self._settings.calls)
        numbers = (f"+{FIRST_NUMBER + count}" for count in range(self._settings.campaign))
        statuses = await asyncio.gather(*(self._call_to_the_end(number, slots) for number in numbers))
        load = await self._get("/simulator/load")
        seconds = round(time.monotonic() - began, 1)
        return self._figures(load) | {"campaign_seconds": seconds, "statuses": dict(Counter(statuses))}

    async def _call_to_the_end(self, number: str, slots: asyncio.Semaphore) -> str:
        async with slots:
            sid = await self._dial(number)
            while (status := self._application.statuses.get(sid, "")) not in FINAL:
                await asyncio.sleep(0.05)
            return status

    async def _dial(self, number: str) -> str:
        form = {"To": number, "From": FROM, "Url": f"{self._application.url}/voice"}
        form |= {"StatusCallback": f"{self._application.url}/status", "Timeout": "20"}
        async with self._session.post(f"{self._account}/Calls.json", data=form) as answer:
            answer.raise_for_status()
            return str((await answer.json())["sid"])

    async def _post(self, url: str, body: dict[str, Any] | None = None) -> None:
        async with self._session.post(url, json=body or {}) as answer:
            answer.raise_for_status()

    async def _get(self, path: str) -> dict[str, Any]:
        async with self._session.get(self._network + path) as answer:
            return dict(await answer.json())

    async def _wait(self, condition: Any, *, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self._application.live} of {self._settings.calls} handsets connected in time")
            await asyncio.sleep(0.1)

    def _figures(self, load: dict[str, Any]) -> dict[str, Any]:
        return {
            "machine": machine.describe(),
            "handsets": self._settings.calls,
            "speed": self._settings.speed,
            "cores": round(load["processor_seconds"] / load["seconds"], 2),
            "loop_lag_ms": load["loop_lag_ms"],
        }

    def _punctuality(self) -> dict[str, Any]:
        """Told of steady calls only: where people interrupt, the same words do not last equally long."""
        lateness = self._application.lateness()
        return {"spoken_parts": len(lateness), "late_ms": percentiles([late * 1000 for late in lateness])}


def print_table(settings: Settings, table: dict[str, Any]) -> None:
    kind = f"campaign of {settings.campaign}" if settings.campaign else f"{settings.seconds:.0f} s"
    print(
        f"# handsets: {table['machine']}; {settings.calls} at once, speed {settings.speed:g}, seed {settings.seed}, "
        f"{kind}, network on core {machine.OTHERS_CORE}, application and driver on core {machine.OURS_CORE}"
    )
    for name, value in table.items():
        if name != "machine":
            print(f"{name:<18} {value}")


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())

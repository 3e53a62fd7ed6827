"""The account's rate as such: who waits how long, and in which order."""

import asyncio
import time

import pytest

from simulator.twilio.call_queue import CallQueue
from simulator.twilio.errors import TwilioError


async def wait(queue: CallQueue, name: int, order: list[int], ended: "asyncio.Future[None] | None" = None) -> float:
    queue.reserve()
    await queue.wait_for_turn(ended or asyncio.get_running_loop().create_future())
    order.append(name)
    return time.monotonic()


async def test_calls_start_in_the_order_in_which_they_came_at_the_accounts_rate():
    queue, order, began = CallQueue(calls_per_second=5, speed=10), [], time.monotonic()
    times = await asyncio.gather(*(wait(queue, name, order) for name in range(10)))
    assert order == list(range(10))
    assert times[-1] - began >= 9 * 0.02


async def test_an_idle_hour_saves_up_no_more_than_one_start():
    queue = CallQueue(calls_per_second=1, speed=20)
    await wait(queue, 0, [])
    await asyncio.sleep(0.3)
    began = time.monotonic()
    _, second = await asyncio.gather(wait(queue, 1, []), wait(queue, 2, []))
    assert second - began >= 0.05


async def test_who_gives_up_leaves_the_queue():
    queue, order = CallQueue(calls_per_second=1, speed=5), []
    impatient = asyncio.get_running_loop().create_future()
    waiting = [asyncio.create_task(wait(queue, 0, order)), asyncio.create_task(wait(queue, 1, order, impatient))]
    await asyncio.sleep(0)
    assert queue.reserve() == 2000
    impatient.set_result(None)
    await asyncio.gather(*waiting)
    assert order == [0, 1]


async def test_the_told_wait_is_the_place_in_the_queue_times_the_interval():
    queue = CallQueue(calls_per_second=4, speed=1)
    told = []
    for _ in range(4):
        told.append(queue.reserve())
        asyncio.create_task(queue.wait_for_turn(asyncio.get_running_loop().create_future()))  # noqa: RUF006
        await asyncio.sleep(0)
    assert told == [0, 250, 500, 750]


async def test_a_day_of_waiting_calls_is_the_most():
    queue = CallQueue(calls_per_second=1 / 86_400, speed=1)
    queue.reserve()
    queue.reserve()
    with pytest.raises(TwilioError) as refused:
        queue.reserve()
    assert refused.value.code == 22005

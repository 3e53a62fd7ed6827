"""One handset's parts inside the test's own loop, with nobody at the other end: the test is the person."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from xml.etree import ElementTree

from simulator.handset.context import HandsetContext
from simulator.handset.phone_line import PhoneLine
from simulator.handset.recorder import Recorder
from simulator.handset.twiml import Document
from simulator.network import Network
from simulator.options import Options
from simulator.twilio.call_record import CallRecord
from simulator.twilio.call_request import CallRequest

FAST = 200.0


@asynccontextmanager
async def answered_call(speed: float = FAST) -> AsyncIterator[HandsetContext]:
    network = Network(Options(speed=speed))
    call = CallRecord(network.options.account_sid, "+34600000001", "+34910000000", "cooperative", 1)
    line = PhoneLine(call, network.pace)
    line.answer()
    request = CallRequest(to=call.to, from_=call.from_, voice=None)
    yield HandsetContext(network, call, request, line, Recorder(network, call, line), lot="7")
    await network.close()


def document_of(verb: str, url: str = "http://127.0.0.1:9/voice") -> tuple[Document, ElementTree.Element]:
    element = ElementTree.fromstring(verb)  # noqa: S314  (written by the test itself)
    return Document(url, (element,)), element

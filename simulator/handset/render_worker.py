"""The process that makes sound: `python -m simulator.handset.render_worker POLITENESS`.

Reads orders from its input and answers each on its output, one after the other, until the input closes: it therefore
ends with the network, however that ends. Frames are four bytes of length and a pickle; both ends are this program.
"""

import os
import pickle
import struct
import sys
from typing import Any, BinaryIO

from simulator.handset.rendering import Conversion, RenderOrder, convert, render
from simulator.sound.making import SpeechOrder, make_speech
from simulator.sound.speech import Synthesizer

LENGTH = struct.Struct(">I")
Order = RenderOrder | Conversion | SpeechOrder


def main() -> None:
    os.nice(int(sys.argv[1]))
    synthesizer = Synthesizer()
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    while (order := read_frame(requests)) is not None:
        answers.write(frame(perform(order, synthesizer)))
        answers.flush()
    synthesizer.close()


def perform(order: Order, synthesizer: Synthesizer) -> Any:
    """An order that cannot be met is answered with its error: the next one may well be met."""
    try:
        return work(order, synthesizer)
    except (OSError, RuntimeError, ValueError) as error:
        return RuntimeError(f"{type(error).__name__}: {error}")


def work(order: Order, synthesizer: Synthesizer) -> Any:
    if isinstance(order, SpeechOrder):
        return make_speech(order, synthesizer)
    return render(order, synthesizer) if isinstance(order, RenderOrder) else convert(order)


def read_frame(stream: BinaryIO) -> Order | None:
    header = stream.read(LENGTH.size)
    if len(header) < LENGTH.size:
        return None
    order: Order = pickle.loads(stream.read(LENGTH.unpack(header)[0]))  # noqa: S301
    return order


def frame(value: Any) -> bytes:
    body = pickle.dumps(value)
    return LENGTH.pack(len(body)) + body


if __name__ == "__main__":
    main()

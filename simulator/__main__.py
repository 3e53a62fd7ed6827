"""python -m simulator --port 9000 --speed 8 --seed 7"""

import asyncio
import logging
import sys

from simulator.faults import FaultError
from simulator.options import read_options
from simulator.people.persona import PersonaError
from simulator.server import serve


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    options = read_options()
    try:
        asyncio.run(serve(options))
    except (PersonaError, FaultError, OSError) as error:
        sys.stderr.write(f"simulator: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

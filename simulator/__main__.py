"""python -m simulator --port 9000 --speed 8 --seed 7, or: python -m simulator call --url URL"""

import asyncio
import logging
import sys

from simulator.faults import FaultError
from simulator.options import read_options
from simulator.people.persona import PersonaError
from simulator.server import serve
from simulator.trial.command import make_trial_call
from simulator.trial.options import read_trial
from simulator.twilio.account_file import AccountFileError


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    arguments = sys.argv[1:]
    try:
        if arguments[:1] == ["call"]:
            return asyncio.run(make_trial_call(*read_trial(arguments[1:])))
        asyncio.run(serve(read_options(arguments)))
    except (PersonaError, FaultError, AccountFileError, OSError) as error:
        sys.stderr.write(f"simulator: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

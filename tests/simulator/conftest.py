from collections.abc import Iterator

import pytest
from twilio.rest import Client

from tests.simulator.application import Application, running_application
from tests.simulator.calling import Caller, make_client
from tests.simulator.relay_calling import PEOPLE, RelayCalls
from tests.simulator.relay_calling import SPEED as RELAY_SPEED
from tests.simulator.relay_server import relay_server
from tests.simulator.server import SPEED, SimulatorHandle, running_simulator


@pytest.fixture(scope="session")
def shared_simulator() -> Iterator[SimulatorHandle]:
    with running_simulator(speed=SPEED) as handle:
        yield handle


@pytest.fixture
def simulator(shared_simulator: SimulatorHandle) -> SimulatorHandle:
    shared_simulator.set_faults()
    shared_simulator.reset_timings()
    return shared_simulator


@pytest.fixture(scope="session")
def shared_application() -> Iterator[Application]:
    with running_application() as application:
        yield application


@pytest.fixture
def application(shared_application: Application) -> Application:
    shared_application.reset()
    return shared_application


@pytest.fixture
def twilio(simulator: SimulatorHandle) -> Client:
    return make_client(simulator)


@pytest.fixture
def caller(simulator: SimulatorHandle, twilio: Client, application: Application) -> Iterator[Caller]:
    caller = Caller(simulator, twilio, application)
    yield caller
    caller.end_all()


@pytest.fixture(scope="session")
def shared_relay_network() -> Iterator[SimulatorHandle]:
    with running_simulator(speed=RELAY_SPEED, personas=PEOPLE) as handle:
        yield handle


@pytest.fixture
def relay(shared_relay_network: SimulatorHandle, application: Application) -> Iterator[RelayCalls]:
    shared_relay_network.set_faults()
    shared_relay_network.reset_timings()
    caller = Caller(shared_relay_network, make_client(shared_relay_network), application)
    with relay_server() as server:
        yield RelayCalls(caller, server)
        caller.end_all()

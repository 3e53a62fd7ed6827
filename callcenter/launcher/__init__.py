"""Every process of the product on one machine: starts them, starts again what dies, stops them in order."""

from callcenter.launcher.machine import AlreadyRunning, only_launcher
from callcenter.launcher.ports import PortTaken, choose_ports
from callcenter.launcher.programs import Plan, environment, practice_environment, programs
from callcenter.launcher.supervisor import Supervisor

__all__ = [
    "AlreadyRunning",
    "Plan",
    "PortTaken",
    "Supervisor",
    "choose_ports",
    "environment",
    "only_launcher",
    "practice_environment",
    "programs",
]

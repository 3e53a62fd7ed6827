"""What goes wrong on the line and in the carrier's own machines while a call lasts."""

from dataclasses import dataclass


@dataclass
class HandsetFaults:
    pass

"""The fragment of a webhook's URL (#ct=2000&rc=2&rp=all): how patient Twilio is to be with that application.

https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl

CONNECT_SECONDS = 5.0
BUDGET_SECONDS = 15.0
INVALID_EDGE, UNSUPPORTED_EDGE, INTERCONNECT, INVALID_POLICY = 11240, 11241, 11242, 11243
EDGES = {
    *("ashburn", "dublin", "frankfurt", "roaming", "sao-paulo", "singapore", "sydney", "tokyo", "umatilla"),
    *("mumbai", "all", "default"),
}
FORMER_EDGES = {"us1", "ie1", "de1", "sg1", "br1", "au1", "jp1", "us2"}
POLICIES = {"4xx", "5xx", "ct", "rt", "all"}
MILLISECONDS = {"ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000)}
MOST_RETRIES = 5


class InvalidOverride(ValueError):
    """`code` is Twilio's: 11240 to 11242 for the edge; 11243 for all else, which its docs give to the policy alone."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


@dataclass(frozen=True)
class ConnectionOverrides:
    """Seconds are those of the clock on the wall: the application's time does not shrink with the network's speed."""

    connect_seconds: float = CONNECT_SECONDS
    read_seconds: float = BUDGET_SECONDS
    total_seconds: float = BUDGET_SECONDS
    retries: int = 1
    retry_on: frozenset[str] = frozenset({"ct"})
    server_name: str = ""

    def repeats(self, kind: str) -> bool:
        return kind in self.retry_on or "all" in self.retry_on


def read_overrides(fragment: str) -> ConnectionOverrides:
    """Raises InvalidOverride; names that Twilio does not know are ignored, as any page's own fragment would be."""
    given = dict(parse_qsl(fragment))
    check_edges(given.get("e", ""))
    return ConnectionOverrides(
        connect_seconds=read_milliseconds(given, "ct", CONNECT_SECONDS),
        read_seconds=read_milliseconds(given, "rt", BUDGET_SECONDS),
        total_seconds=read_milliseconds(given, "tt", BUDGET_SECONDS),
        retries=read_retries(given.get("rc", "1")),
        retry_on=read_policies(given.get("rp", "ct")),
        server_name=given.get("sni", ""),
    )


def check_edges(text: str) -> None:
    for edge in filter(None, text.split(",")):
        if edge.endswith("-ix"):
            raise InvalidOverride(INTERCONNECT, f"edge {edge} needs Twilio Interconnect")
        if edge in FORMER_EDGES:
            raise InvalidOverride(UNSUPPORTED_EDGE, f"edge {edge} is not supported")
        if edge not in EDGES:
            raise InvalidOverride(INVALID_EDGE, f"there is no edge {edge}")


def read_milliseconds(given: dict[str, str], name: str, default: float) -> float:
    if name not in given:
        return default
    low, high = MILLISECONDS[name]
    if not given[name].isdigit() or not low <= int(given[name]) <= high:
        raise InvalidOverride(INVALID_POLICY, f"{name}={given[name]}: {low} to {high} ms are allowed")
    return int(given[name]) / 1000


def read_retries(text: str) -> int:
    if not text.isdigit() or int(text) > MOST_RETRIES:
        raise InvalidOverride(INVALID_POLICY, f"rc={text}: 0 to {MOST_RETRIES} are allowed")
    return int(text)


def read_policies(text: str) -> frozenset[str]:
    policies = frozenset(text.split(","))
    if not policies <= POLICIES:
        raise InvalidOverride(INVALID_POLICY, f"rp={text}: {', '.join(sorted(POLICIES))} are allowed")
    return policies

"""What a subscription allows (https://elevenlabs.io/docs/models#concurrency-and-priority, plans of May 2026)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """Concurrent requests by the models' group: `standard`, and `turbo` for the fast ones."""

    tier: str
    rank: int
    credits: int
    standard: int
    turbo: int

    def concurrency(self, group: str) -> int:
        return self.turbo if group == "turbo" else self.standard

    def includes(self, tier: str) -> bool:
        return self.rank >= PLANS[tier].rank


PLANS = {
    plan.tier: plan
    for plan in (
        Plan("free", 0, 10_000, 2, 4),
        Plan("starter", 1, 30_000, 3, 6),
        Plan("creator", 2, 121_000, 5, 10),
        Plan("pro", 3, 600_000, 10, 20),
        Plan("scale", 4, 1_800_000, 15, 30),
        Plan("business", 5, 6_000_000, 15, 30),
    )
}
LOWEST_TIER_FOR_FORMAT = {"mp3_44100_192": "creator", "pcm_44100": "pro", "pcm_48000": "pro"}
"""That the last one needs the tier of the one before it is not documented."""

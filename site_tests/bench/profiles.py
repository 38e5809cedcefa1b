"""Under what conditions a page is opened."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """A line and a processor.

    The line is made by the browser's Network.emulateNetworkConditions: every response is held back by the latency,
    connections are not, and all responses share the throughput; workers take part in their page's conditions. The
    processor is slowed by Emulation.setCPUThrottlingRate, which stops the page's main thread for a part of the time.
    Workers cannot be slowed this way ("only supported for pages"), neither ours nor a rival's: what is said of the
    slow processor is too kind to whatever computes in a worker, by the same factor for both.
    """

    name: str
    latency: float = 0.0
    """Milliseconds."""
    throughput: float = 0.0
    """Megabits a second; 0 is as fast as the machine."""
    slower: float = 1.0
    """The factor by which the main thread is slowed."""

    def network(self) -> dict[str, float | bool]:
        """As the protocol wants it: bytes a second, -1 for no limit."""
        speed = self.throughput * 1e6 / 8 if self.throughput else -1
        return {"offline": False, "latency": self.latency, "downloadThroughput": speed, "uploadThroughput": speed}


DESKTOP = Profile("desktop")
FAST_4G = Profile("fast 4G", latency=40, throughput=10)
SLOW_CPU = Profile("fast 4G, CPU 4x slower", latency=40, throughput=10, slower=4)
PROFILES = (DESKTOP, FAST_4G, SLOW_CPU)

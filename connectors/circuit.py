"""A circuit breaker: a provider that fails again and again is left alone for a while.

What belongs here: counting failures in a row, per provider. What does not: trying one question again
(http.py).

Without it a provider that is down costs every one of its data sets all attempts and all waiting times.
"""

from __future__ import annotations

from dataclasses import dataclass, field

OPEN_AFTER = 3
COOL_SECONDS = 120.0


@dataclass
class _State:
    failures: int = 0
    asked_again_at: float = 0.0
    why: str = ""


@dataclass
class Circuit:
    """Shared by the clients of one process. Times are on their clock, in seconds."""

    _states: dict[str, _State] = field(default_factory=dict)

    def refusal(self, provider: str, now: float) -> str | None:
        """Why the provider is not asked now, or None. After the pause one question is let through."""
        state = self._states.get(provider)
        if state is None or state.failures < OPEN_AFTER or now >= state.asked_again_at:
            return None
        pause = state.asked_again_at - now
        return f"failed {state.failures} times in a row ({state.why}), so it is left alone for {pause:.0f} s"

    def failed(self, provider: str, why: str, now: float) -> None:
        """A question was given up."""
        state = self._states.setdefault(provider, _State())
        state.failures, state.why, state.asked_again_at = state.failures + 1, why, now + COOL_SECONDS

    def worked(self, provider: str) -> None:
        """The provider answered."""
        self._states.pop(provider, None)

"""A refusal: one plain sentence with the exit code it stands for.

What belongs here: the value and how several of them make one exit code. What does not: finding reasons.
"""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

CHECK_FAILED, POLICY, LOCAL = 1, 3, 5


class Refusal(BaseModel):
    """Why a release may not be published. `check` is the number in release.md, section 5."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    check: int
    code: int
    sentence: str


def exit_code_of(refusals: Iterable[Refusal]) -> int:
    """One code for all: a failed check first (these are not the files that were judged), then policy, then
    local.
    """
    codes = {refusal.code for refusal in refusals}
    return next((code for code in (CHECK_FAILED, POLICY, LOCAL) if code in codes), 0)

"""The questions of `circularity probe`, one module a provider, and the one list of them."""

from connectors.probes import comtrade, eurostat, oecd, un_data, unece, unsd, world_bank
from connectors.probes.base import Question

QUESTIONS: dict[str, tuple[Question, ...]] = {
    "unsd": unsd.QUESTIONS,
    "un_data": un_data.QUESTIONS,
    "comtrade": comtrade.QUESTIONS,
    "eurostat": eurostat.QUESTIONS,
    "world_bank": world_bank.QUESTIONS,
    "oecd": oecd.QUESTIONS,
    "unece": unece.QUESTIONS,
}

"""Known errors of the providers, reviewed, and what is done about each: one YAML file a data set.

What belongs here: the register (`<provider>__<dataset>.yaml`), reading it, applying it. What does not: what
gate G1 finds by itself when a release is built. The difference: G1 compares each published figure with the
last release and with its own total over population, and withholds what is out by an order of magnitude,
whoever is to blame. An entry here is a person's judgement on cells G1 cannot judge: a rate and its total
that are wrong together, a series no indicator publishes yet. A cell is never treated twice: what an entry
withholds or scales does not reach G1 as it was.
"""

from connectors.corrections.apply import apply_corrections, fingerprint
from connectors.corrections.register import Acceptance, Correction, Register, load_register

__all__ = [
    "Acceptance",
    "Correction",
    "Register",
    "apply_corrections",
    "fingerprint",
    "load_register",
]

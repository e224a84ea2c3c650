"""What a run tells the person who waits for it, and how failures become plain sentences.

Belongs here: saying a step's one sentence (to Dagster's log, and to the command line that started the run),
and turning our own errors into Dagster failures without a traceback. Does not belong here: what the steps do.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from connectors.errors import CircularityError
from orchestration.settings import PROGRESS_FD


def say(context: dg.AssetExecutionContext | dg.OpExecutionContext, sentence: str) -> None:
    """Log one plain sentence, and hand it to the waiting command line if there is one."""
    context.log.info(sentence)
    _send("step", sentence, 0)


@contextmanager
def plain_failures() -> Iterator[None]:
    """Turn a `CircularityError` into a `dg.Failure` that carries its sentence and exit code.

    Retrying a refusal gives the same refusal, so such a failure is final.
    """
    try:
        yield
    except CircularityError as error:
        refuse(str(error), error.exit_code)
        raise dg.Failure(
            description=str(error), metadata={"exit_code": error.exit_code}, allow_retries=False
        ) from error


def refuse(sentence: str, exit_code: int) -> None:
    """Tell the waiting command line why this run ends, and with which code."""
    _send("failure", sentence, exit_code)


def _send(kind: str, text: str, code: int) -> None:
    descriptor = os.environ.get(PROGRESS_FD)
    if descriptor is not None:
        line = json.dumps({"kind": kind, "text": text, "code": code}) + "\n"
        os.write(int(descriptor), line.encode())

"""How the command line writes: sentences or JSON to standard output, errors to standard error.

Belongs here: the two forms of output and the one way an error ends a command. Does not belong here: any
command.
"""

import json
import os
import traceback
from collections.abc import Callable
from typing import Any

import typer

from connectors.errors import CheckError, CircularityError, StoreError

TRACE = "CIRCULARITY_TRACE"
INTERRUPTED = 130
STOPPED = "Stopped. What was finished stands; the same command goes on from there."


def show(sentence: str) -> None:
    """One line for the person at the terminal, at once."""
    print(sentence, flush=True)


def write_json(value: Any) -> None:
    """One JSON document on standard output, and nothing else there."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str), flush=True)


def leave(code: int) -> None:
    """End a command with the exit code its function returned."""
    raise typer.Exit(code)


def run_plainly(command: Callable[[], object]) -> int:
    """Run a command that ends by SystemExit and return its exit code; errors become one sentence.

    Exit codes: 0 done, 1 a check failed or the program is at fault, 2 wrong usage, 3 refused by policy, 4
    source or network, 5 local, 130 stopped by the person at the terminal. With CIRCULARITY_TRACE set, the
    whole trace of a fault is shown too.
    """
    try:
        command()
    except SystemExit as stop:
        return _code_of(stop)
    except CircularityError as error:
        _complain(str(error))
        return error.exit_code
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        _complain(f"This machine refused: {error.strerror or error}{where}. Check space and permissions.")
        return StoreError.exit_code
    except KeyboardInterrupt:
        _complain(STOPPED)
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last place where a fault nobody foresaw can be told plainly
        _complain(_describe_fault(error))
        return CheckError.exit_code
    return 0


def _code_of(stop: SystemExit) -> int:
    """The exit code of a command that ended itself; a text is a complaint, as Python itself treats it."""
    if stop.code == INTERRUPTED:
        _complain(STOPPED)
    if isinstance(stop.code, str):
        _complain(stop.code)
        return CheckError.exit_code
    return stop.code or 0


def _complain(sentence: str) -> None:
    typer.echo(f"circularity: {sentence}", err=True)


def _describe_fault(error: Exception) -> str:
    if os.environ.get(TRACE):
        traceback.print_exception(error)
    place = traceback.extract_tb(error.__traceback__)[-1]
    said = " ".join(str(error).split())
    return (
        f"This is a fault of the program: {type(error).__name__} at {place.filename}:{place.lineno}: {said}. "
        f"Please report it with the command you gave; {TRACE}=1 shows the whole trace."
    )

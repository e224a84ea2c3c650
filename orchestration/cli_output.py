"""How the command line writes: sentences or JSON to standard output, errors to standard error.

Belongs here: the two forms of output and the one way an error ends a command. Does not belong here: any
command.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

import typer

from connectors.errors import CircularityError, StoreError


def show(sentence: str) -> None:
    """One line for the person at the terminal, at once."""
    print(sentence, flush=True)


def write_json(value: Any) -> None:
    """One JSON document on standard output, and nothing else there."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str), flush=True)


def leave(code: int) -> None:
    """End a command with the exit code its function returned."""
    raise typer.Exit(code)


def run_plainly(command: Callable[[], int]) -> int:
    """Run a command and return its exit code; errors become one sentence, never a traceback.

    Exit codes: 0 done, 1 a check failed, 2 wrong usage, 3 refused by policy, 4 source or network, 5 local.
    """
    try:
        return command()
    except CircularityError as error:
        _complain(str(error))
        return error.exit_code
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        _complain(f"This machine refused: {error.strerror or error}{where}. Check space and permissions.")
        return StoreError.exit_code
    except KeyboardInterrupt:
        _complain("Stopped. What was finished stands; the same command goes on from there.")
        return StoreError.exit_code


def _complain(sentence: str) -> None:
    typer.echo(f"circularity: {sentence}", err=True)


def forget_tracebacks() -> None:
    """A fault nobody foresaw ends with its name and place, not with a page of code.

    The whole trace is shown when CIRCULARITY_TRACE is set, for whoever reports the fault.
    """

    def explain(kind: type[BaseException], error: BaseException, trace: Any) -> None:
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "unknown place"
        _complain(
            f"This is a fault of the program: {kind.__name__} at {place}: {error}. Please report it with the "
            "command you gave; CIRCULARITY_TRACE=1 shows more."
        )

    sys.excepthook = explain

"""The ways from bytes to a table that are compared, one function each; run as a program, one in a process.

What belongs here: how each contender reads a body, as its own documentation shows. What does not: bodies
(bodies.py), comparing (run.py). Modules are imported inside a contender, since no environment has them all.

A contender imports, then gets the bytes and is measured from there on: CPU seconds of all threads, and the
number of observations it found. Peak memory is that of the whole process, imports and body included.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import resource
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

OURS = "this program"
Run = Callable[[bytes], int]
ZIP = {"compression": "zstd", "compression_level": 3, "statistics": True, "row_group_size": 100_000}


def ours(name: str) -> Run:
    """This program: every check, flags, hash, tidy Parquet."""
    importlib.import_module("numpy.ma")  # polars imports it when it meets the first array

    from connectors import observations
    from connectors.protocols import PROTOCOLS
    from tests.bench import bodies

    protocol, form, part = {
        "sdmx_csv": ("eurostat", "SDMX-CSV", "all"),
        "tsv": ("eurostat", "TSV", "all"),
        "comtrade": ("comtrade", "", bodies.REPORTER_YEAR),
        "unsd": ("unsd_sdg", "", "EN_BENCH"),
    }[name]
    spec = bodies.spec(protocol, form)

    def run(body: bytes) -> int:
        table = PROTOCOLS[protocol].parse(body, spec, part, "0" * 64).table
        observations.content_sha256(table)
        observations.write_parquet(table, Path("table.parquet"))
        return table.height

    return run


def floor_sdmx_csv() -> Run:
    """polars: text columns, the value as a number."""
    import polars as pl

    def run(body: bytes) -> int:
        table = pl.read_csv(body, infer_schema=False)
        table = table.with_columns(pl.col("OBS_VALUE").cast(pl.Float64, strict=False))
        table.write_parquet("table.parquet", **ZIP)
        return table.height

    return run


def floor_unsd() -> Run:
    """polars: text columns, the value as a number."""
    import polars as pl

    def run(body: bytes) -> int:
        table = pl.read_csv(body, infer_schema=False).with_columns(
            pl.col("Value").cast(pl.Float64, strict=False)
        )
        table.write_parquet("table.parquet", **ZIP)
        return table.height

    return run


def floor_tsv() -> Run:
    """polars: unpivot, then value and flags by one split each."""
    import polars as pl

    def run(body: bytes) -> int:
        wide = pl.read_csv(body, separator="\t", infer_schema=False, quote_char=None)
        key = wide.columns[0]
        names = key.strip().removesuffix("\\TIME_PERIOD").split(",")
        cell = pl.col("value").str.strip_chars().str.split_exact(" ", 1)
        table = (
            wide.with_columns(pl.col(key).str.split_exact(",", len(names) - 1).alias("key"))
            .drop(key)
            .unpivot(index="key", variable_name="TIME_PERIOD")
            .filter(pl.col("value").str.strip_chars() != ":")
            .with_columns(cell.alias("cell"))
            .select(
                pl.col("key").struct.rename_fields(names).struct.unnest(),
                pl.col("TIME_PERIOD").str.strip_chars(),
                OBS_VALUE=pl.col("cell").struct[0].cast(pl.Float64, strict=False),
                OBS_FLAG=pl.col("cell").struct[1],
            )
        )
        table.write_parquet("table.parquet", **ZIP)
        return table.height

    return run


def floor_comtrade() -> Run:
    """orjson, every row a dict, polars guesses the types."""
    import orjson
    import polars as pl

    def run(body: bytes) -> int:
        table = pl.DataFrame(orjson.loads(body)["data"], infer_schema_length=None)
        table.write_parquet("table.parquet", **ZIP)
        return 2 * table.height

    return run


def pandas_sdmx_csv() -> Run:
    """pandas, guessing types."""
    import io

    import pandas as pd

    return lambda body: len(pd.read_csv(io.BytesIO(body), keep_default_na=False))


pandas_unsd = pandas_sdmx_csv


def pandas_tsv() -> Run:
    """pandas: read wide, melt, split value and flags."""
    import io

    import pandas as pd

    def run(body: bytes) -> int:
        wide = pd.read_csv(io.BytesIO(body), sep="\t", dtype=str)
        key = wide.columns[0]
        names = key.removesuffix("\\TIME_PERIOD").split(",")
        table = wide.melt(id_vars=key, var_name="TIME_PERIOD", value_name="cell")
        table["cell"] = table["cell"].str.strip()
        table = table[table["cell"] != ":"]
        table[names] = table[key].str.split(",", expand=True)
        cells = table["cell"].str.split(" ", n=1, expand=True)
        table["OBS_VALUE"] = pd.to_numeric(cells[0], errors="coerce")
        table["OBS_FLAG"] = cells[1]
        return len(table.drop(columns=[key, "cell"]))

    return run


def pandas_comtrade() -> Run:
    """json of the standard library, then a pandas frame: what the official client does."""
    import pandas as pd

    return lambda body: 2 * len(pd.DataFrame(json.loads(body)["data"]))


def eurostat_tsv() -> Run:
    """The `eurostat` package with flags; its table stays wide. Its download is replaced by the body."""
    import gzip

    import eurostat
    from eurostat import eurostat as inside

    def run(body: bytes) -> int:
        class Answer:
            content = gzip.compress(body, 1)

        inside.__dict__["__get_dims_info__"] = lambda *_, **__: ("ESTAT", "EUROSTAT", [])
        inside.__dict__["__get_resp__"] = lambda *_, **__: Answer
        before = cpu()
        table = eurostat.get_data_df("BENCH_WASTE", flags=True)
        run.spent = cpu() - before  # packing the body is no work of the package
        values = table[[name for name in table.columns if name.endswith("_value")]].notna().to_numpy()
        flags = table[[name for name in table.columns if name.endswith("_flag")]]
        named = flags.notna().to_numpy() & ~flags.isin(["", ":"]).to_numpy()
        return int((values | named).sum())

    return run


def sdmx1_sdmx_csv() -> Run:
    """sdmx1 with a structure of the same columns."""
    import io

    from sdmx.model.v30 import DataStructureDefinition
    from sdmx.reader.csv import Reader

    def run(body: bytes) -> int:
        message = Reader().convert(io.BytesIO(body), structure=DataStructureDefinition(id="BENCH_WASTE"))
        return sum(len(found.obs) for found in message.data)

    return run


CONTENDERS: dict[str, dict[str, Callable[[], Run]]] = {
    "sdmx_csv": {
        "floor (polars)": floor_sdmx_csv,
        OURS: lambda: ours("sdmx_csv"),
        "pandas": pandas_sdmx_csv,
        "sdmx1": sdmx1_sdmx_csv,
    },
    "tsv": {
        "floor (polars)": floor_tsv,
        OURS: lambda: ours("tsv"),
        "eurostat package": eurostat_tsv,
        "pandas": pandas_tsv,
    },
    "comtrade": {
        "floor (orjson, polars)": floor_comtrade,
        OURS: lambda: ours("comtrade"),
        "pandas": pandas_comtrade,
    },
    "unsd": {
        "floor (polars)": floor_unsd,
        OURS: lambda: ours("unsd"),
        "pandas": pandas_unsd,
    },
}


def cpu() -> float:
    """CPU seconds of this process so far, all threads, user and system."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measure(body_name: str, contender: str, folder: Path) -> dict[str, Any]:
    """Run one contender once, in this process and in the current folder; `folder` holds the bodies."""
    run = CONTENDERS[body_name][contender]()
    # This program keeps the answers of a provider together with its questions.
    kept = "comtrade_container" if (body_name, contender) == ("comtrade", OURS) else body_name
    body = (folder / kept).read_bytes()
    before = cpu()
    try:
        found = run(body)
    except ValueError as error:
        return {"refused": str(error)[:200]}
    spent = getattr(run, "spent", cpu() - before)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"observations": found, "cpu": spent, "peak": peak}


if __name__ == "__main__":
    bodies_folder = Path(sys.argv[3]).resolve()
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        print(json.dumps(measure(sys.argv[1], sys.argv[2], bodies_folder)))

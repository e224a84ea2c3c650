"""Small bodies in the providers' wire formats, and specs for them; each test changes what it is about."""

import json

from connectors.areas import known_areas
from connectors.registry import get_dataset
from connectors.spec import DatasetSpec

SNAPSHOT = "0" * 64
HAZARDOUS = get_dataset("unsd/sdg_12_4")
MATERIAL = get_dataset("unsd/sdg_12_2")
CIRCULAR = get_dataset("eurostat/cei_srm030")
POPULATION = get_dataset("world_bank/sp_pop_totl")

UNSD_HEAD = (
    "Goal,Target,Indicator,SeriesCode,SeriesDescription,GeoAreaCode,GeoAreaName,TimePeriod,Value,Time_Detail,"
    "TimeCoverage,UpperBound,LowerBound,BasePeriod,Source,GeoInfoUrl,FootNote,[Nature],[Observation Status],"
    "[Units],[Reporting Type]"
)


def unsd_row(
    value: str = "7",
    area: str = "40",
    year: str = "2020",
    *,
    nature: str = "C",
    status: str = "A",
    unit: str = "TONNES",
    note: str = "",
    series: str = "EN_HAZ_GENV",
) -> str:
    """One line of EN_HAZ_GENV."""
    facts = f"12,12.4,12.4.2,{series},Hazardous,{area},Name,{year},{value}"
    return f"{facts},,,,,,,,{note},{nature},{status},{unit},G"


def unsd_body(*rows: str, head: str = UNSD_HEAD) -> bytes:
    """A DataCSV body."""
    return ("\n".join([head, *rows]) + "\n").encode()


def many_unsd_rows(count: int) -> list[str]:
    """`count` good lines, so that one bad line stays below the quarantine limit."""
    areas = sorted(known_areas("unsd"), key=int)[100:200]
    return [unsd_row(area=areas[n % 100], year=str(1990 + n // 100)) for n in range(count)]


def eurostat_row(
    value: str = "11.5", flag: str = "", geo: str = "AT", year: str = "2020", unit: str = "PC"
) -> str:
    """One line of CEI_SRM030."""
    return f"ESTAT:CEI_SRM030(1.0),21/08/23 23:00:00,A,{unit},{geo},{year},{value},{flag}"


def eurostat_body(*rows: str, conf: bool = False) -> bytes:
    """An SDMX-CSV body; with `conf`, rows carry CONF_STATUS as their last field."""
    head = "DATAFLOW,LAST UPDATE,freq,unit,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG" + ",CONF_STATUS" * conf
    return ("\r\n".join([head, *rows]) + "\r\n").encode()


def world_bank_row(value: str = "8.5e6", iso3: str = "AUT", year: str = "2020", status: str = "") -> str:
    """One row of SP.POP.TOTL, its number as the text given."""
    return (
        '{"indicator":{"id":"SP.POP.TOTL","value":"Population"},"country":{"id":"ZZ","value":"Name"},'
        f'"countryiso3code":"{iso3}","date":"{year}","value":{value},"unit":"","obs_status":"{status}","decimal":0}}'
    )


def world_bank_body(
    *rows: str, page: int = 1, pages: int = 1, total: int | None = None, updated: str = "2026-02-24"
) -> bytes:
    """One page."""
    count = len(rows) if total is None else total
    head = {"page": page, "pages": pages, "per_page": 2, "total": count, "lastupdated": updated}
    return f"[{json.dumps(head)},[{','.join(rows)}]]".encode()


def with_changes(spec: DatasetSpec, **changes: object) -> DatasetSpec:
    """The same declaration with some fields replaced."""
    return spec.model_copy(update=changes)

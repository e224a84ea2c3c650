-- Which policies are in place? The latest state of every policy indicator in every member State: sustainable public
-- procurement, policy instruments, reporting to the environmental agreements, fiscal frameworks, education, tourism
-- accounts. `meets_minimum` says whether the value reaches the bound of methodology 3.8 (an instrument, level 1, 100 %);
-- it is empty without a value: missing policy data are a data gap.
with slots as ({{ latest_slots('policy_map') }})

select
    ref_area,
    theme,
    indicator,
    breakdown,
    title_en,
    entry_point,
    unit_measure,
    latest_year,
    latest_value,
    case when indicator = 'P03' then case latest_value
        when 1 then 'LOWIMP' when 2 then 'MLOWIMP' when 3 then 'MHIGIMP' when 4 then 'HIGIMP'
    end end as spp_level,
    minimum,
    latest_value >= minimum as meets_minimum,
    obs_status,
    null_reason,
    slot_reason
from slots

-- How well do trade and logistics chains work? Latest logistics performance index, freight volume by mode and the slot of
-- trade-facilitation measures for every member State (entry point 5).
with slots as ({{ latest_slots('logistics') }})

select
    ref_area,
    theme,
    indicator,
    breakdown,
    title_en,
    unit_measure,
    latest_year,
    latest_value,
    obs_status,
    null_reason,
    slot_reason
from slots

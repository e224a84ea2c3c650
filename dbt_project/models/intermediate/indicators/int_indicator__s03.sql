-- S03, persons employed in circular economy sectors, per cent of employment in full-time equivalents, as published by
-- Eurostat (cei_cie011). Employment itself has no source here; its regional weight is what share and persons imply:
-- employment = 100 * persons / share.
{% set employed = dimension('indic_env') ~ " = 'EMP' and " ~ dimension('unit') %}
with share as ({{ series_values('CEI_CIE011', employed ~ " = 'PC_EMP_FTE'") }}),

persons as ({{ part_values('CEI_CIE011', employed ~ " = 'FTE'") }})

select
    {{ indicator_columns('s03', 'share', numerator='100 * persons.obs_value',
        denominator='100 * persons.obs_value / nullif(' ~ free_value('share') ~ ', 0)') }}
from share
left join persons on share.ref_area = persons.ref_area and share.time_period = persons.time_period

-- The rows of all indicator models, one below the other, as int_staged is for the staging models.
{{ config(materialized='view') }}
{% for code in indicator_codes() %}
select
    indicator, breakdown, ref_area, time_period, year, obs_value, numerator, denominator, unit_measure, obs_status,
    obs_status_raw, conf_status, nature, is_zero_ambiguous, null_reason, source, vintage, snapshot_sha256, comment_obs
from {{ ref('int_indicator__' ~ code) }}
{{ 'union all' if not loop.last }}
{% endfor %}

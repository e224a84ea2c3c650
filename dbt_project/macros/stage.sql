{# One staging model: one data set, renamed; no joins. `where` keeps the part of it that the marts use. #}
{% macro stage(provider, dataset, where='true') %}
select
    provider,
    dataset,
    series,
    ref_area as source_ref_area,
    time_period,
    dimensions,
    obs_value as source_value,
    obs_value_raw,
    obs_bound,
    unit_measure as source_unit,
    unit_mult,
    obs_status,
    obs_status_raw,
    conf_status,
    nature,
    comment_obs,
    snapshot_sha256
from {{ source('obs_' ~ provider, dataset) }}
where {{ where }}
{% endmacro %}

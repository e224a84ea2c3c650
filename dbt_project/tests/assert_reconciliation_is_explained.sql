-- Differences from UNSD's region rows which nothing explains. A warning: it asks for a look, it stops nothing.
{{ config(severity='warn') }}
select series, region, n_unexplained
from {{ ref('fct_reconciliation') }}
where n_unexplained > 0

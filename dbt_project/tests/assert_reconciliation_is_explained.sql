-- Differences from UNSD's region rows and Eurostat's EU rows which nothing explains. A warning: it asks for a look, it stops nothing.
{{ config(severity='warn') }}
select provider, series, breakdown, region, n_unexplained
from {{ ref('fct_reconciliation') }}
where n_unexplained > 0

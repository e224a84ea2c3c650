-- The region has 56 member States, each once.
select count(*) as n_members from {{ ref('dim_country') }} having count(*) <> 56

-- Membership of the member States in groups, with its dates and whether it holds at the end of the reference year.
select
    group_code,
    ref_area,
    valid_from,
    valid_to,
    is_current,
    verified,
    source,
    group_name_en,
    group_name_fr,
    group_name_ru,
    is_published,
    sort_order
from {{ ref('int_country_group') }}

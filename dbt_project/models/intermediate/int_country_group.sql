-- Membership of the member States in groups, with its dates. `is_current` means at the end of the reference year:
-- an aggregate uses that one composition for all its years, so that growth is never a change of membership.
select
    members.group_code,
    members.ref_area,
    cast(members.valid_from as date) as valid_from,
    cast(members.valid_to as date) as valid_to,
    coalesce(cast(members.valid_from as date), date '1900-01-01')
        <= cast(cast({{ reference_year() }} as varchar) || '-12-31' as date)
        and coalesce(cast(members.valid_to as date), date '9999-12-31')
        > cast(cast({{ reference_year() }} as varchar) || '-12-31' as date) as is_current,
    members.verified,
    members.source,
    groups.name_en as group_name_en,
    groups.name_fr as group_name_fr,
    groups.name_ru as group_name_ru,
    groups.is_published,
    groups.sort_order
from {{ ref('country_group_members') }} as members
inner join {{ ref('country_groups') }} as groups on members.group_code = groups.group_code

-- Parameters of the method, as published. Columns are opted in one by one: what is not named here does not leave the house.
select
    cast(parameters.parameter as varchar) as parameter,
    cast(parameters.value as varchar) as value,
    cast(parameters.unit as varchar) as unit,
    cast(parameters.source as varchar) as source,
    cast(parameters.verified as boolean) as verified,
    cast(parameters.description as varchar) as description_en,
    cast(texts.description_fr as varchar) as description_fr,
    cast(texts.description_ru as varchar) as description_ru,
    cast(release.illustrative as boolean) as illustrative
from {{ ref('method_config') }} as parameters
left join {{ ref('method_descriptions') }} as texts on parameters.parameter = texts.parameter
cross join {{ source('lock', 'release') }} as release

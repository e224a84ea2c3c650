-- The parameters of the method as the preceding release published them, so that an assessment can be repeated with them.
-- Empty when there is none; a parameter which that release did not know counts with its present value (variant_parameter).
select parameter, cast(value as double) as value
from {{ source('predecessor', 'rpt_method') }}
where parameter in (select parameter from {{ ref('method_config') }})

-- Progress by the four methods as this release states it: the headline run of int_progress, with its columns, one row an
-- indicator, breakdown, kind of area, area, method and window. An area that cannot be assessed is grey with its reason.
select * exclude (variant)
from {{ ref('int_progress') }}
where variant = 'headline'

-- The runs of M2 to M4: the variants (int_variant), and the headline with countries left out of a region
-- (int_progress_window_removal), which keeps the headline's targets. One row a run.
select variant, variant as targets_variant, method_from
from {{ ref('int_variant') }}
union all
select distinct variant, 'headline' as targets_variant, 'current' as method_from
from {{ ref('int_progress_window_removal') }}

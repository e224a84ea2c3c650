-- The runs of the assessment: the headline, and runs that differ from it in one thing at a time (sensitivity,
-- methodology 3.5) or lead from the preceding release to this one step by step, forward and in reverse (revisions,
-- methodology 3.9). One row a variant. A run that reads the preceding release has no row when there is none.
with variants (
    variant, kind, step, points_from, method_from, targets_from, membership_from, base_shift, window_shift,
    drops_last_year, excludes_estimated, alternative_trend, agg_rule
) as (
    values
    ('headline', 'headline', 0, 'current', 'current', 'current', 'current', 0, 0, false, false, false, null),
    ('drop_last_year', 'sensitivity', 1, 'current', 'current', 'current', 'current', 0, 0, true, false, false, null),
    ('base_minus_1', 'sensitivity', 2, 'current', 'current', 'current', 'current', -1, 0, false, false, false, null),
    ('base_plus_1', 'sensitivity', 3, 'current', 'current', 'current', 'current', 1, 0, false, false, false, null),
    ('window_minus_2', 'sensitivity', 4, 'current', 'current', 'current', 'current', 0, -2, false, false, false, null),
    ('window_plus_2', 'sensitivity', 5, 'current', 'current', 'current', 'current', 0, 2, false, false, false, null),
    ('trend_model', 'sensitivity', 6, 'current', 'current', 'current', 'current', 0, 0, false, false, true, null),
    ('rule_sum', 'sensitivity', 7, 'current', 'current', 'current', 'current', 0, 0, false, false, false, 'SUM'),
    ('rule_rsum_matched', 'sensitivity', 8, 'current', 'current', 'current', 'current', 0, 0, false, false, false,
        'RSUM_MATCHED'),
    ('rule_rsum_full', 'sensitivity', 9, 'current', 'current', 'current', 'current', 0, 0, false, false, false,
        'RSUM_FULL'),
    ('rule_mean', 'sensitivity', 10, 'current', 'current', 'current', 'current', 0, 0, false, false, false, 'MEAN'),
    ('rule_median', 'sensitivity', 11, 'current', 'current', 'current', 'current', 0, 0, false, false, false, 'MEDIAN'),
    ('target_today', 'sensitivity', 12, 'current', 'current', 'today', 'current', 0, 0, false, false, false, null),
    ('previous_method', 'sensitivity', 13, 'current', 'previous', 'current', 'current', 0, 0, false, false, false, null),
    ('without_estimates', 'sensitivity', 14, 'current', 'current', 'current', 'current', 0, 0, false, true, false, null),
    ('forward_0', 'forward', 0, 'previous', 'previous', 'previous', 'previous', 0, 0, false, false, false, null),
    ('forward_1', 'forward', 1, 'current_in_old_years', 'previous', 'previous', 'previous', 0, 0, false, false, false,
        null),
    ('forward_2', 'forward', 2, 'current', 'previous', 'previous', 'previous', 0, 0, false, false, false, null),
    ('forward_3', 'forward', 3, 'current', 'current', 'previous', 'previous', 0, 0, false, false, false, null),
    ('forward_4', 'forward', 4, 'current', 'current', 'current', 'previous', 0, 0, false, false, false, null),
    ('reverse_1', 'reverse', 1, 'previous', 'previous', 'previous', 'current', 0, 0, false, false, false, null),
    ('reverse_2', 'reverse', 2, 'previous', 'previous', 'current', 'current', 0, 0, false, false, false, null),
    ('reverse_3', 'reverse', 3, 'previous', 'current', 'current', 'current', 0, 0, false, false, false, null),
    ('reverse_4', 'reverse', 4, 'previous_plus_new_years', 'current', 'current', 'current', 0, 0, false, false, false,
        null)
)

select
    variants.variant,
    variants.kind,
    variants.step,
    variants.points_from,
    variants.method_from,
    variants.targets_from,
    variants.membership_from,
    variants.base_shift,
    variants.window_shift,
    variants.drops_last_year,
    variants.excludes_estimated,
    variants.alternative_trend,
    cast(variants.agg_rule as varchar) as agg_rule
from variants
cross join {{ source('lock', 'release') }} as release
where release.predecessor_id is not null
    or (
        variants.points_from = 'current'
        and variants.method_from = 'current'
        and variants.membership_from = 'current')

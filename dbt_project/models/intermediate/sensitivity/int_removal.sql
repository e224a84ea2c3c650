-- The regional status by each method with countries left out, one row a removal, series, region, method and window.
with statuses as (
    select variant, n_removed, indicator, breakdown, area_kind, area, 'M1' as method, 'all' as time_window, status
    from {{ ref('int_m1_removal') }}
    {% for method in ['m2', 'm3', 'm4'] %}
    union all
    select
        removed.variant,
        removed.n_removed,
        removed.indicator,
        removed.breakdown,
        removed.area_kind,
        removed.area,
        '{{ method | upper }}' as method,
        removed.time_window,
        progress.status
    from {{ ref('int_progress_' ~ method) }} as progress
    inner join {{ ref('int_progress_window_removal') }} as removed
        on progress.variant = removed.variant and progress.indicator = removed.indicator
        and progress.breakdown = removed.breakdown
        and progress.area = removed.area and progress.time_window = removed.time_window
    {% endfor %}
)

select *, {{ progress_colour('status') }} as colour from statuses

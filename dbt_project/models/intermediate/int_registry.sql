-- The registry: one row an indicator, read from the meta of its model; nothing is written twice.
-- {% for code in indicator_codes() %}{{ ref("int_indicator__" ~ code) }} {% endfor %}
{% set types = {
    'title_en': 'varchar', 'title_fr': 'varchar', 'title_ru': 'varchar', 'definition': 'varchar',
    'definition_fr': 'varchar', 'definition_ru': 'varchar', 'unit_measure': 'varchar', 'direction': 'integer',
    'entry_point': 'varchar', 'building_block': 'varchar', 'bellagio_group': 'varchar', 'sdg_target': 'varchar',
    'source': 'varchar', 'agg_rule': 'varchar', 'numerator': 'varchar', 'numerator_entry': 'varchar',
    'denominator': 'varchar', 'denominator_entry': 'varchar', 'count_at_least': 'double', 'lower_limit': 'double',
    'upper_limit': 'double', 'scope': 'varchar', 'min_countries': 'integer', 'frequency': 'varchar',
    'trend_model': 'varchar', 'components': 'varchar', 'is_binary': 'boolean', 'is_growth_rate': 'boolean',
    'slot_reason': 'varchar', 'verified': 'boolean'} %}
{% set target_types = {
    'expression': 'varchar', 'scope': 'varchar', 'deadline': 'integer', 'legal_source': 'varchar',
    'verified': 'boolean'} %}
{% for code in indicator_codes() %}
{% set meta = indicator_meta(code) %}
select
    '{{ code | upper }}' as indicator,
    {% for name, type in types.items() %}
    cast({{ literal(meta.get(name)) }} as {{ type }}) as {{ name }},
    {% endfor %}
    {% for name, type in target_types.items() %}
    cast({{ literal(meta.get('target', {}).get(name)) }} as {{ type }}) as target_{{ name }}{{ ',' if not loop.last }}
    {% endfor %}

{{ 'union all' if not loop.last }}
{% endfor %}

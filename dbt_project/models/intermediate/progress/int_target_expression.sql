-- The target expressions of the registry, taken apart: one row a step. Kinds: none; const(x), called binary where the
-- indicator says yes or no; multiple, factor*value(area,year); own_base, factor*value(self,base); step(year:value,...);
-- champion(top=n) (methodology 3.6).
{% set rows = [] %}
{% for code in indicator_codes() %}
  {% set meta = indicator_meta(code) %}
  {% set target = meta.get('target') or {} %}
  {% set text = target.get('expression', 'none') | string %}
  {% set base = [code | upper, text, target.get('scope', 'none'), target.get('verified', false)] %}
  {% set const = modules.re.fullmatch('const\(([0-9.]+)\)', text) %}
  {% set multiple = modules.re.fullmatch('([0-9.]+)\*value\(([A-Z0-9_]+),([0-9]{4})\)', text) %}
  {% set own_base = modules.re.fullmatch('([0-9.]+)\*value\(self,base\)', text) %}
  {% set champion = modules.re.fullmatch('champion\(top=([0-9]+)\)', text) %}
  {% if text == 'none' %}
    {% do rows.append(base + ['none', none, none, none, none]) %}
  {% elif const %}
    {% do rows.append(base + ['binary' if meta.get('is_binary') else 'const', const.group(1) | float, none, none, target.get('deadline')]) %}
  {% elif multiple %}
    {% do rows.append(base + ['multiple', multiple.group(1) | float, multiple.group(2), multiple.group(3) | int, target.get('deadline')]) %}
  {% elif own_base %}
    {% do rows.append(base + ['own_base', own_base.group(1) | float, none, none, target.get('deadline')]) %}
  {% elif champion %}
    {% do rows.append(base + ['champion', champion.group(1) | float, none, none, target.get('deadline')]) %}
  {% elif text.startswith('step(') and text.endswith(')') %}
    {% for step in text[5:-1].split(',') %}
      {% do rows.append(base + ['step', step.split(':')[1] | float, none, none, step.split(':')[0] | int]) %}
    {% endfor %}
  {% elif execute %}
    {{ exceptions.raise_compiler_error("Indicator " ~ code | upper ~ ": the target expression '" ~ text ~ "' is not known. Write const(x), f*value(AREA,YEAR), f*value(self,base), step(YEAR:x,...), champion(top=n) or none in its YAML.") }}
  {% endif %}
{% endfor %}
-- depends on: {% for code in indicator_codes() %}{{ ref('int_indicator__' ~ code) }} {% endfor %}
{% for row in rows %}
select
    cast({{ literal(row[0]) }} as varchar) as indicator,
    cast({{ literal(row[1]) }} as varchar) as target_expression,
    cast({{ literal(row[2]) }} as varchar) as scope,
    cast({{ literal(row[3]) }} as boolean) as target_verified,
    cast({{ literal(row[4]) }} as varchar) as kind,
    cast({{ literal(row[5]) }} as double) as amount,
    cast({{ literal(row[6]) }} as varchar) as value_area,
    cast({{ literal(row[7]) }} as integer) as value_year,
    cast({{ literal(row[8]) }} as integer) as deadline
{{ 'union all' if not loop.last }}
{% endfor %}

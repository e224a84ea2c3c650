-- A11, self-sufficiency of the European Union for raw materials, per cent, as published: one breakdown a raw material
-- and stage (EXR extraction, PCS processing).
{{ published_series('a11', 'CEI_GSR020', where="ref_area = 'EU27' and " ~ dimension('indic_env') ~ " in ('EXR', 'PCS')",
    breakdown=dimension('rawmat') ~ " || '_' || " ~ dimension('indic_env')) }}

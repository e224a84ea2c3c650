-- P13, education for sustainable development: four indices from 0 to 1, as published (SDG 12.8.1, UNESCO), each a
-- breakdown. No total: an assessment takes the mean of the scores of the four (methodology 3.4).
{{ published_parts('p13', {
    'NEP': restated_values(series_values('SE_GCEDESD_NEP'), '0-1'),
    'CUR': restated_values(series_values('SE_GCEDESD_CUR'), '0-1'),
    'TED': restated_values(series_values('SE_GCEDESD_TED'), '0-1'),
    'SAS': restated_values(series_values('SE_GCEDESD_SAS'), '0-1')}) }}

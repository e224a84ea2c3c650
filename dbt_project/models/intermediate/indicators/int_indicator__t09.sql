-- T09, freight volume, tonne-kilometres, as published (SDG 9.1.2), each mode of transport a breakdown. No total: modes
-- are not added up. The preferred source, the UNECE Statistical Database, is not connected.
{{ published_series('t09', 'IS_RDP_FRGVOL', breakdown=dimension('Mode of transportation'), own_numerator=true) }}

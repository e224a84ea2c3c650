-- Municipal waste in thousand tonnes, generated, recycled and landfilled: what the rates of the other data sets are made of.
{{ stage('eurostat', 'env_wasmun', where=dimension('unit') ~ " = 'THS_T' and " ~ dimension('wst_oper') ~ " in ('GEN', 'RCY', 'DSP_L_OTH')") }}

{{ stage('world_bank', 'ny_gdp_mktp_pp_cd') }}

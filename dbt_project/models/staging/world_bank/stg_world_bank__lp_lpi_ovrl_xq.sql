{{ stage('world_bank', 'lp_lpi_ovrl_xq') }}

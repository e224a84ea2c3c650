{{ stage('world_bank', 'sp_pop_totl') }}

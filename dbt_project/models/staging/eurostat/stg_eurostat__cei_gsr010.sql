{{ stage('eurostat', 'cei_gsr010') }}

{{ stage('eurostat', 'cei_gsr030') }}

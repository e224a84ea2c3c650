{{ stage('eurostat', 'cei_pc034') }}

{{ stage('eurostat', 'cei_pc031') }}

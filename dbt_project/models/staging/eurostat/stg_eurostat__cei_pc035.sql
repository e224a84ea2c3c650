{{ stage('eurostat', 'cei_pc035') }}

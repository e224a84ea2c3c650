{{ stage('eurostat', 'cei_pc020') }}

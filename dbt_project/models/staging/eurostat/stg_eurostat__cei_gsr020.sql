{{ stage('eurostat', 'cei_gsr020') }}

{{ stage('eurostat', 'cei_gsr011') }}

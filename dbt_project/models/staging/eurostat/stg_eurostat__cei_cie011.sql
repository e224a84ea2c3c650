{{ stage('eurostat', 'cei_cie011') }}

{{ stage('eurostat', 'cei_wm011') }}

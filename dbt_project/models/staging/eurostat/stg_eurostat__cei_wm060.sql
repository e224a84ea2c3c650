{{ stage('eurostat', 'cei_wm060') }}

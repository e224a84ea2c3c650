{{ stage('eurostat', 'cei_wm010') }}

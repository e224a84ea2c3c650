{{ stage('eurostat', 'cei_cie012') }}

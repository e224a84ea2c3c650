{{ stage('eurostat', 'cei_cie020') }}

{{ stage('eurostat', 'cei_srm030') }}

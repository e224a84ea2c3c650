{{ stage('eurostat', 'cei_srm020') }}

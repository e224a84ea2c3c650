{{ stage('eurostat', 'cei_pc040') }}

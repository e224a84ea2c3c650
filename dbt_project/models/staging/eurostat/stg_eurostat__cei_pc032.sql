{{ stage('eurostat', 'cei_pc032') }}

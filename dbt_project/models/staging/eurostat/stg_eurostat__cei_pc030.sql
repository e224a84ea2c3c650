{{ stage('eurostat', 'cei_pc030') }}

{{ stage('eurostat', 'cei_pc050') }}

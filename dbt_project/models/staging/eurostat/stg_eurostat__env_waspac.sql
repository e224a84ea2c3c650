{{ stage('eurostat', 'env_waspac') }}

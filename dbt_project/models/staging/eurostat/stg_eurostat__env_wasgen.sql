{{ stage('eurostat', 'env_wasgen') }}

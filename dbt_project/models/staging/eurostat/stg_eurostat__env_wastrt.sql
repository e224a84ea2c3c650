{{ stage('eurostat', 'env_wastrt') }}

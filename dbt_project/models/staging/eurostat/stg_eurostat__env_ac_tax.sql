{{ stage('eurostat', 'env_ac_tax') }}

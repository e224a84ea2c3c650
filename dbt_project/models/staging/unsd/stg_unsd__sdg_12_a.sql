{{ stage('unsd', 'sdg_12_a') }}

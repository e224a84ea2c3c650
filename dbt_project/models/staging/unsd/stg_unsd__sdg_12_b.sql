{{ stage('unsd', 'sdg_12_b') }}

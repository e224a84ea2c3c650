{{ stage('unsd', 'sdg_12_5') }}

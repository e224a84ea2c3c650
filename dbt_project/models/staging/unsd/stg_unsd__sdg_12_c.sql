{{ stage('unsd', 'sdg_12_c') }}

{{ stage('unsd', 'sdg_12_8') }}

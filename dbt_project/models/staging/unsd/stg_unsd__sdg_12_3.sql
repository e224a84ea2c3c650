{{ stage('unsd', 'sdg_12_3') }}

{{ stage('unsd', 'sdg_12_7') }}

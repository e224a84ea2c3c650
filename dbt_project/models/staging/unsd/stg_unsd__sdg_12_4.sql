{{ stage('unsd', 'sdg_12_4') }}

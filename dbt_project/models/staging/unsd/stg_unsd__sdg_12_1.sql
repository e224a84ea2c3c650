{{ stage('unsd', 'sdg_12_1') }}

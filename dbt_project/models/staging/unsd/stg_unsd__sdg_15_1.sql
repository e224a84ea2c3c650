{{ stage('unsd', 'sdg_15_1') }}

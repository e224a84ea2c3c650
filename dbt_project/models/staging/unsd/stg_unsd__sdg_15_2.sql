{{ stage('unsd', 'sdg_15_2') }}

{{ stage('unsd', 'sdg_7_2') }}

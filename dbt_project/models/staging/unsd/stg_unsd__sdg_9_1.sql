{{ stage('unsd', 'sdg_9_1') }}

{{ stage('unsd', 'sdg_12_6') }}

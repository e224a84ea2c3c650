{{ stage('unsd', 'sdg_12_4_trade') }}

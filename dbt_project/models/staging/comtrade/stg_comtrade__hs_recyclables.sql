{{ stage('comtrade', 'hs_recyclables') }}

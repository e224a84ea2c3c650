{{ stage('oecd', 'munw') }}

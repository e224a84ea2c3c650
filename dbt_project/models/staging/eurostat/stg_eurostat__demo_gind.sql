{{ stage('eurostat', 'demo_gind') }}

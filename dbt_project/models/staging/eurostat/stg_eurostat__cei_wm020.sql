{{ stage('eurostat', 'cei_wm020') }}

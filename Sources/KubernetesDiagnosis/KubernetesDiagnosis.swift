// KubernetesDiagnosis

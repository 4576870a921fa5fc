{{- define "tidemark.bootstrapServers" -}}
{{- with .Values.kafka -}}
{{- if .bootstrapServers }}{{ .bootstrapServers }}{{ else }}{{ .strimzi.cluster }}-kafka-bootstrap:9093{{ end }}
{{- end }}
{{- end }}

{{/* The ports of Kafka's addresses, separated by commas. */}}
{{- define "tidemark.kafkaPorts" -}}
{{- if .Values.networkPolicy.kafkaPorts -}}
{{ join "," .Values.networkPolicy.kafkaPorts }}
{{- else -}}
{{- $ports := list -}}
{{- range splitList "," (include "tidemark.bootstrapServers" .) -}}
{{- $ports = append $ports (regexFind "[0-9]+$" (trim .)) -}}
{{- end -}}
{{ join "," (uniq $ports) }}
{{- end }}
{{- end }}

{{/* The Strimzi user of a component: (list $ "marker"). Its Secret has the same name. */}}
{{- define "tidemark.kafkaUser" -}}
{{ include "tidemark.fullname" (index . 0) }}-{{ index . 1 }}
{{- end }}

{{/* The variables that lead a component to Kafka: (list $ "marker"). */}}
{{- define "tidemark.kafkaEnv" -}}
{{- $root := index . 0 }}{{ $user := include "tidemark.kafkaUser" . }}{{ with $root.Values.kafka }}
- name: TIDEMARK_KAFKA_BOOTSTRAP_SERVERS
  value: {{ include "tidemark.bootstrapServers" $root | quote }}
- name: TIDEMARK_PREFIX
  value: {{ .prefix | quote }}
{{- $authority := .ca }}
{{- if .strimzi.cluster }}
{{- $authority = dict "secret" (printf "%s-cluster-ca-cert" .strimzi.cluster) "key" "ca.crt" }}
{{- if eq .strimzi.authentication "tls" }}
- name: TIDEMARK_KAFKA_SECURITY_PROTOCOL
  value: SSL
- name: TIDEMARK_KAFKA_SSL_KEYSTORE_TYPE
  value: PEM
- name: TIDEMARK_KAFKA_SSL_KEYSTORE_CERTIFICATE_CHAIN
  valueFrom:
    secretKeyRef: {name: {{ $user }}, key: user.crt}
- name: TIDEMARK_KAFKA_SSL_KEYSTORE_KEY
  valueFrom:
    secretKeyRef: {name: {{ $user }}, key: user.key}
{{- else }}
- name: TIDEMARK_KAFKA_SECURITY_PROTOCOL
  value: SASL_SSL
- name: TIDEMARK_KAFKA_SASL_MECHANISM
  value: SCRAM-SHA-512
- name: TIDEMARK_KAFKA_SASL_JAAS_CONFIG
  valueFrom:
    secretKeyRef: {name: {{ $user }}, key: sasl.jaas.config}
{{- end }}
{{- end }}
{{- with $authority }}
{{- if .secret }}
- name: TIDEMARK_KAFKA_SSL_TRUSTSTORE_TYPE
  value: PEM
- name: TIDEMARK_KAFKA_SSL_TRUSTSTORE_CERTIFICATES
  valueFrom:
    secretKeyRef: {name: {{ .secret }}, key: {{ .key }}}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* The Secret with a component's client properties, as envFrom: (list $ "marker"). */}}
{{- define "tidemark.kafkaEnvFrom" -}}
{{- $kafka := (index . 0).Values.kafka -}}
{{- with get $kafka.secrets (index . 1) | default $kafka.secret }}
- secretRef:
    name: {{ . }}
{{- end }}
{{- end }}

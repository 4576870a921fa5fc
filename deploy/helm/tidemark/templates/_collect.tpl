{{/* The claim with the records of the CronJob's runs. */}}
{{- define "tidemark.dataClaim" -}}
{{ .Values.cronjob.data.claim | default (printf "%s-data" (include "tidemark.fullname" .)) }}
{{- end }}

{{/* The environment of a container with the client: (list $ "client"). */}}
{{- define "tidemark.clientEnv" -}}
{{- $root := index . 0 }}{{ $services := eq $root.Values.mode "services" }}
{{- $from := ternary (include "tidemark.kafkaEnvFrom" .) "" $services }}
{{- with $root.Values.registry.envFrom }}
{{- $from = printf "%s\n%s" $from (toYaml .) }}
{{- end }}
{{- $env := ternary (include "tidemark.kafkaEnv" .) "" $services }}
{{- with $root.Values.registry.env }}
{{- $env = printf "%s\n%s" $env (toYaml .) }}
{{- end }}
{{- with $env }}
env:
  {{- trim . | nindent 2 }}
{{- end }}
{{- with $from }}
envFrom:
  {{- trim . | nindent 2 }}
{{- end }}
{{- end }}

{{/* All that a command may need. */}}
{{- define "tidemark.clientMounts" -}}
- name: tmp
  mountPath: /tmp
- name: data
  mountPath: /var/lib/tidemark
{{- include "tidemark.registryMounts" (list . true) }}
{{- include "tidemark.policyMount" . }}
{{- end }}

{{- define "tidemark.clientVolumes" -}}
- name: tmp
  emptyDir: {}
- name: data
{{- if eq .Values.mode "cronjob" }}
  persistentVolumeClaim:
    claimName: {{ include "tidemark.dataClaim" . }}
{{- else }}
  emptyDir: {}
{{- end }}
{{- include "tidemark.registryVolumes" (list . true) }}
{{- include "tidemark.policyVolume" . }}
{{- end }}

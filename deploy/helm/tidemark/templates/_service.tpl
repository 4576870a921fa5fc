{{/* The settings of a service: (list $ "sweeper"). docs/operations.md has them all. */}}
{{- define "tidemark.settings" -}}
{{- $root := index . 0 }}{{ $component := index . 1 }}{{ with $root.Values }}
{{- include "tidemark.kafkaEnv" $ }}
- name: TIDEMARK_PARTITIONS
  value: {{ .kafka.partitions | quote }}
- name: TIDEMARK_REPLICATION
  value: {{ .kafka.replication | quote }}
- name: TIDEMARK_RETENTION
  value: {{ .kafka.retentionDays }}d
- name: TIDEMARK_RUNS_RETENTION
  value: {{ .kafka.runsRetentionDays }}d
- name: TIDEMARK_INSTANCE
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: TIDEMARK_LOG_FORMAT
  value: {{ .services.logFormat }}
- name: JAVA_OPTS
  value: {{ .services.javaOpts | quote }}
{{- if ne $component "sweeper" }}
- name: TIDEMARK_STATE_DIR
  value: /var/lib/tidemark
{{- end }}
{{- if ne $component "marker" }}
- name: TIDEMARK_REGISTRY
  value: {{ include "tidemark.registryConfig" $root }}
{{- with .runs.trustMiddleware }}
- name: TIDEMARK_TRUST_MIDDLEWARE
  value: {{ join "," . | quote }}
{{- end }}
{{- end }}
{{- if eq $component "enumerator" }}
- name: TIDEMARK_SCHEDULE
  value: {{ .runs.schedule | quote }}
- name: TIDEMARK_SCHEDULE_ZONE
  value: {{ .runs.timeZone }}
- name: TIDEMARK_SCHEDULE_DRY_RUN
  value: {{ .runs.dryRun | quote }}
- name: TIDEMARK_SCHEDULE_DELETE_UNTAGGED
  value: {{ .runs.deleteUntagged | quote }}
- name: TIDEMARK_SCHEDULE_MIN_AGE
  value: {{ .runs.minAge }}
- name: TIDEMARK_SCHEDULE_MAX_DELETE
  value: {{ .runs.maxDelete | quote }}
- name: TIDEMARK_SCHEDULE_REPAIR
  value: {{ .runs.repair | quote }}
{{- with .runs.leftovers }}
- name: TIDEMARK_LEFTOVERS
  value: {{ . | quote }}
{{- end }}
{{- if include "tidemark.policyConfigMap" $root }}
- name: TIDEMARK_POLICY
  value: {{ include "tidemark.policyFile" $root }}
{{- end }}
{{- end }}
{{- if eq $component "sweeper" }}
{{- with .runs.keepTrash }}
- name: TIDEMARK_KEEP_TRASH
  value: {{ . | quote }}
{{- end }}
{{- with .registry.urls }}
- name: TIDEMARK_REGISTRY_URLS
  value: {{ join "," . | quote }}
{{- end }}
{{- if .registry.auth.secret }}
- name: TIDEMARK_REGISTRY_AUTH
  value: /etc/registry-auth/{{ .registry.auth.key }}
{{- end }}
{{- with .services.sweeper.events }}
{{- if .secret }}
- name: TIDEMARK_EVENTS_SECRET
  valueFrom:
    secretKeyRef: {name: {{ .secret }}, key: {{ .key }}}
{{- end }}
{{- end }}
{{- end }}
{{- range $name, $value := .services.settings }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}
{{- end }}

{{- define "tidemark.probe" -}}
httpGet:
  path: /health/{{ . }}
  port: http
timeoutSeconds: 5
{{- end }}

{{/* The pods of a service: (list $ "sweeper"). */}}
{{- define "tidemark.servicePod" -}}
{{- $root := index . 0 }}{{ $component := index . 1 }}{{ $service := get $root.Values.services $component -}}
{{- $writes := eq $component "sweeper" }}{{ $reads := ne $component "marker" -}}
metadata:
  {{- include "tidemark.podMetadata" . | nindent 2 }}
spec:
  {{- include "tidemark.pod" . | nindent 2 }}
  terminationGracePeriodSeconds: 60
  containers:
    - name: {{ $component }}
      {{- include "tidemark.image" (list $root $root.Values.image.serviceRepository) | nindent 6 }}
      args: [{{ $component }}]
      env:
        {{- include "tidemark.settings" . | trim | nindent 8 }}
        {{- if $reads }}
        {{- with $root.Values.registry.env }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
        {{- end }}
      {{- $from := include "tidemark.kafkaEnvFrom" . }}
      {{- if $reads }}
      {{- with $root.Values.registry.envFrom }}
      {{- $from = printf "%s\n%s" $from (toYaml .) }}
      {{- end }}
      {{- end }}
      {{- with $from }}
      envFrom:
        {{- trim . | nindent 8 }}
      {{- end }}
      ports:
        - name: http
          containerPort: 8080
      startupProbe:
        {{- include "tidemark.probe" "live" | nindent 8 }}
        periodSeconds: 2
        failureThreshold: 60
      livenessProbe:
        {{- include "tidemark.probe" "live" | nindent 8 }}
        periodSeconds: 10
        failureThreshold: 3
      readinessProbe:
        {{- include "tidemark.probe" "ready" | nindent 8 }}
        periodSeconds: 5
        failureThreshold: 3
      resources:
        {{- toYaml $service.resources | nindent 8 }}
      {{- include "tidemark.containerSecurity" $root | nindent 6 }}
      volumeMounts:
        - name: tmp
          mountPath: /tmp
        {{- if not $writes }}
        - name: state
          mountPath: /var/lib/tidemark
        {{- end }}
        {{- if $reads }}
        {{- include "tidemark.registryMounts" (list $root $writes) | trim | nindent 8 }}
        {{- end }}
        {{- if eq $component "enumerator" }}
        {{- with include "tidemark.policyMount" $root }}
        {{- trim . | nindent 8 }}
        {{- end }}
        {{- end }}
  volumes:
    - name: tmp
      emptyDir: {}
    {{- if $reads }}
    {{- include "tidemark.registryVolumes" (list $root $writes) | trim | nindent 4 }}
    {{- end }}
    {{- if eq $component "enumerator" }}
    # What earlier runs have seen. A table that is lost is read from Kafka again.
    - name: state
      emptyDir: {}
    {{- with include "tidemark.policyVolume" $root }}
    {{- trim . | nindent 4 }}
    {{- end }}
    {{- end }}
{{- end }}

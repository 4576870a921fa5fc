{{/* The name of all that is made. Room is left for the longest ending, and for what Kubernetes adds to a CronJob's. */}}
{{- define "tidemark.fullname" -}}
{{- $name := ternary .Release.Name (printf "%s-tidemark" .Release.Name) (contains "tidemark" .Release.Name) -}}
{{- trunc 40 $name | trimSuffix "-" -}}
{{- end }}

{{- define "tidemark.instance" -}}
app.kubernetes.io/name: tidemark
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "tidemark.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "tidemark.instance" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* Of a component: (list $ "marker"). */}}
{{- define "tidemark.selector" -}}
{{ include "tidemark.instance" (index . 0) }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "tidemark.componentLabels" -}}
{{ include "tidemark.labels" (index . 0) }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* The metadata of a component's pods: (list $ "marker"). */}}
{{- define "tidemark.podMetadata" -}}
{{- $root := index . 0 -}}
labels:
  {{- include "tidemark.componentLabels" . | nindent 2 }}
  {{- with $root.Values.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
annotations:
  kubectl.kubernetes.io/default-container: {{ index . 1 }}
  {{- with $root.Values.runs.policy }}
  # A policy is read at the start.
  tidemark.dev/policy: {{ sha256sum . }}
  {{- end }}
  {{- with $root.Values.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* What the pods of all components have in common: (list $ "marker"). */}}
{{- define "tidemark.pod" -}}
{{- $root := index . 0 }}{{ $component := index . 1 }}{{ with $root.Values -}}
# A cloud's rights on the storage are not for the marker.
serviceAccountName: {{ ternary "default" (include "tidemark.serviceAccount" $root) (eq $component "marker") }}
# Nothing here talks to Kubernetes. A cloud's identity comes in by a token of its own.
automountServiceAccountToken: false
# They would be taken for settings.
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: {{ int64 .registry.user }}
  runAsGroup: {{ int64 .registry.group }}
  fsGroup: {{ int64 .registry.group }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- with .image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with include "tidemark.affinity" $ }}
affinity:
  {{- . | nindent 2 }}
{{- end }}
{{- if has $component (list "enumerator" "marker" "sweeper") }}
{{- with .topologySpread }}
topologySpreadConstraints:
  {{- range . }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "tidemark.selector" (list $root $component) | nindent 8 }}
  {{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "tidemark.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{ .Values.serviceAccount.name | default (include "tidemark.fullname" .) }}
{{- else -}}
{{ .Values.serviceAccount.name | default "default" }}
{{- end }}
{{- end }}

{{/* Where a component's pods run: (list $ "marker"). Of a claim that one node mounts, that is where the registry is. */}}
{{- define "tidemark.affinity" -}}
{{- with (index . 0).Values -}}
{{- $affinity := deepCopy .affinity -}}
{{- if and (ne (index $ 1) "marker") .registry.claim (eq .registry.accessMode "ReadWriteOnce") -}}
{{- $term := dict "labelSelector" (dict "matchLabels" .registry.podLabels) "topologyKey" "kubernetes.io/hostname" -}}
{{- $pods := $affinity.podAffinity | default dict -}}
{{- $required := append ($pods.requiredDuringSchedulingIgnoredDuringExecution | default list) $term -}}
{{- $_ := set $pods "requiredDuringSchedulingIgnoredDuringExecution" $required -}}
{{- $_ := set $affinity "podAffinity" $pods -}}
{{- end -}}
{{- with $affinity }}{{ toYaml . }}{{ end }}
{{- end }}
{{- end }}

{{- define "tidemark.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: ["ALL"]
{{- end }}

{{/* (list $ "repository") */}}
{{- define "tidemark.image" -}}
{{- $root := index . 0 -}}
image: {{ printf "%s:%s" (index . 1) ($root.Values.image.tag | default $root.Chart.AppVersion) | quote }}
imagePullPolicy: {{ $root.Values.image.pullPolicy }}
{{- end }}

{{/* The registry's configuration as a file, and where its claim is: for those who read the storage. */}}
{{- define "tidemark.registryConfig" -}}
/etc/registry/{{ .Values.registry.config.key }}
{{- end }}

{{/* Whether the component may write: (list $ true). */}}
{{- define "tidemark.registryMounts" -}}
{{- with (index . 0).Values.registry }}
- name: registry-config
  mountPath: /etc/registry
  readOnly: true
{{- if .claim }}
- name: registry
  mountPath: {{ .mountPath }}
  readOnly: {{ not (index $ 1) }}
{{- end }}
{{- if and .auth.secret (index $ 1) }}
- name: registry-auth
  mountPath: /etc/registry-auth
  readOnly: true
{{- end }}
{{- end }}
{{- end }}

{{- define "tidemark.registryVolumes" -}}
{{- with (index . 0).Values.registry }}
- name: registry-config
{{- if .config.configMap }}
  configMap:
    name: {{ .config.configMap }}
{{- else }}
  secret:
    secretName: {{ .config.secret }}
{{- end }}
{{- if .claim }}
- name: registry
  persistentVolumeClaim:
    claimName: {{ .claim }}
{{- end }}
{{- if and .auth.secret (index $ 1) }}
- name: registry-auth
  secret:
    secretName: {{ .auth.secret }}
{{- end }}
{{- end }}
{{- end }}

{{/* The ports of the replicas' addresses, separated by commas. */}}
{{- define "tidemark.replicaPorts" -}}
{{- $ports := list -}}
{{- range .Values.registry.urls -}}
{{- $url := urlParse . -}}
{{- $port := regexFind "[0-9]+$" (regexFind ":[0-9]+$" $url.host) -}}
{{- $ports = append $ports ($port | default (ternary "443" "80" (eq $url.scheme "https"))) -}}
{{- end -}}
{{ join "," (uniq $ports) }}
{{- end }}

{{/* The ConfigMap with the policy; empty if there is none. */}}
{{- define "tidemark.policyConfigMap" -}}
{{- with .Values.runs -}}
{{- if .policy }}{{ include "tidemark.fullname" $ }}-policy{{ else }}{{ .policyConfigMap.name }}{{ end }}
{{- end }}
{{- end }}

{{- define "tidemark.policyFile" -}}
/etc/tidemark/{{ ternary "policy.yml" .Values.runs.policyConfigMap.key (not (empty .Values.runs.policy)) }}
{{- end }}

{{- define "tidemark.policyMount" -}}
{{- if include "tidemark.policyConfigMap" . }}
- name: policy
  mountPath: /etc/tidemark
  readOnly: true
{{- end }}
{{- end }}

{{- define "tidemark.policyVolume" -}}
{{- with include "tidemark.policyConfigMap" . }}
- name: policy
  configMap:
    name: {{ . }}
{{- end }}
{{- end }}

{{/* Name of the software, for the label app.kubernetes.io/name. */}}
{{- define "ringrift.name" -}}
{{- default "ringrift-operator" .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* Name of the operator and of what belongs to it: ringrift-operator for a release called ringrift. */}}
{{- define "ringrift.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- printf "%s-operator" (.Release.Name | trunc 43 | trimSuffix "-") -}}
{{- else -}}
{{- printf "%s-%s-operator" (.Release.Name | trunc 34 | trimSuffix "-") .Chart.Name -}}
{{- end -}}
{{- end -}}

{{/* What picks the operator's pods, and not the pod of helm test. */}}
{{- define "ringrift.selectorLabels" -}}
app.kubernetes.io/name: {{ include "ringrift.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
{{- end -}}

{{- define "ringrift.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/name: {{ include "ringrift.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: ringrift
{{- with .Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The block under metadata that every object has. Takes root, name, and labels and annotations of the object's own. */}}
{{- define "ringrift.metadata" -}}
name: {{ .name }}
labels:
  {{- include "ringrift.labels" .root | nindent 2 }}
  {{- with .labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with merge (dict) (default (dict) .annotations) (default (dict) .root.Values.annotations) }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "ringrift.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "ringrift.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* An image's reference: (list $ .Values.image). */}}
{{- define "ringrift.image" -}}
{{- $image := index . 1 -}}
{{- with $image.registry }}{{ printf "%s/" (trimSuffix "/" .) }}{{ end -}}
{{- $image.repository -}}
{{- if $image.digest }}@{{ $image.digest }}{{ else }}:{{ default (index . 0).Chart.AppVersion $image.tag }}{{ end -}}
{{- end -}}

{{/* The lease's name is the operator's own, so that two releases in one namespace do not share one. */}}
{{- define "ringrift.lease" -}}
{{- include "ringrift.fullname" . -}}
{{- end -}}

{{- define "ringrift.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "ringrift.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* What the operator may do where it looks after clusters: the same for all namespaces (ClusterRole) and for some (a Role in each). */}}
{{- define "ringrift.rules" -}}
- apiGroups: [ringrift.io]
  resources: [ringriftclusters]
  verbs: [get, list, watch, patch]
- apiGroups: [ringrift.io]
  resources: [ringriftclusters/status]
  verbs: [patch]
# What it makes blocks its owner's deletion, which some clusters (OpenShift) allow only to who may do this.
- apiGroups: [ringrift.io]
  resources: [ringriftclusters/finalizers]
  verbs: [update]
- apiGroups: [""]
  resources: [services, configmaps]
  verbs: [get, list, watch, create, patch]
# By name only: the operator cannot read secrets that it did not name itself, and sees no lists of them.
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, create, patch]
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch, patch]
# Pods make way for a new template one by one, as far as disruption budgets allow.
- apiGroups: [""]
  resources: [pods/eviction]
  verbs: [create]
- apiGroups: [apps]
  resources: [statefulsets]
  verbs: [get, list, watch, create, patch]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [events]
  verbs: [get, create, patch]
{{- if .Values.rbac.podMonitors }}
- apiGroups: [monitoring.coreos.com]
  resources: [podmonitors]
  verbs: [get, list, create, patch]
{{- end }}
{{- end -}}

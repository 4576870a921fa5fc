package dev.tidemark.cli.chart;

/** Values that users have, of each kind of installation. */
enum Values {
    CRONJOB_ON_A_CLAIM("""
            registry:
              config: {configMap: registry-config}
              claim: registry-storage
              podLabels: {app: registry}
              user: 1000660000
              group: 1000660000
              urls: ["http://registry-0.registry:5000"]
              auth: {secret: registry-login}
            runs:
              policy: |
                policies:
                  - name: builds
                    repositories: ["**"]
                    tags:
                      - match: ["main-*"]
                        keepAny: { newest: 10, pushedWithin: 30d }
            """),
    CRONJOB_ON_S3("""
            registry:
              config: {secret: registry, key: configData}
              env:
                - name: REGISTRY_STORAGE_S3_REGION
                  value: eu-central-1
            serviceAccount:
              annotations: {eks.amazonaws.com/role-arn: "arn:aws:iam::111122223333:role/registry-gc"}
            runs: {schedule: "30 2 * * *", timeZone: Europe/Vienna, dryRun: false, keepTrash: 24h, leftovers: "off"}
            """),
    CRONJOB_ON_AZURE("""
            registry:
              config: {configMap: registry-config}
              envFrom:
                - secretRef: {name: registry-env}
            serviceAccount:
              create: false
              name: registry
            podLabels: {azure.workload.identity/use: "true"}
            cronjob:
              data: {claim: gc-data}
            runs: {policyConfigMap: {name: policies, key: gc.yml}}
            networkPolicy: {enabled: false}
            """),
    SERVICES_WITH_STRIMZI("""
            mode: services
            registry:
              config: {configMap: registry-config}
            kafka:
              replication: 3
              partitions: 24
              strimzi: {cluster: events}
            serviceAccount:
              annotations: {iam.gke.io/gcp-service-account: "gc@project.iam.gserviceaccount.com"}
            """),
    SERVICES_WITH_AN_EXTERNAL_KAFKA("""
            mode: services
            registry:
              config: {configMap: registry-config}
              claim: registry-storage
              accessMode: ReadWriteMany
            kafka:
              bootstrapServers: kafka-0.example.com:9094,kafka-1.example.com:9094
              secrets:
                {enumerator: kafka-enumerator, marker: kafka-marker, sweeper: kafka-sweeper, client: kafka-client}
              ca: {secret: kafka-ca}
            """),
    EVERYTHING_ON("""
            mode: services
            image: {tag: "1.2.3", pullSecrets: [pull]}
            registry:
              config: {secret: registry-config}
              env: [{name: REGISTRY_REDIS_PASSWORD, valueFrom: {secretKeyRef: {name: redis, key: password}}}]
              envFrom: [{configMapRef: {name: registry-env}}]
              claim: registry-storage
              podLabels: {app: registry}
              urls: ["http://10.0.0.7:5000", "http://10.0.0.8:5000"]
              auth: {secret: registry-login}
            runs:
              dryRun: false
              policy: 'policies: [{name: all, repositories: ["**"], otherTags: keep}]'
              keepTrash: 7d
              leftovers: 14d
              repair: true
              trustMiddleware: [one, another]
            services:
              settings: {TIDEMARK_MAX_PUSH: 2h, TIDEMARK_LOG_LEVEL: debug}
              marker: {state: {size: 20Gi, storageClass: fast}}
              sweeper: {events: {secret: registry-events}}
            kafka:
              secret: more-properties
              strimzi: {cluster: events, authentication: tls}
            client: {replicas: 1}
            podAnnotations: {example.com/team: images}
            nodeSelector: {kubernetes.io/os: linux}
            tolerations: [{key: registry, operator: Exists, effect: NoSchedule}]
            priorityClassName: low
            affinity:
              podAffinity:
                requiredDuringSchedulingIgnoredDuringExecution:
                  - labelSelector: {matchLabels: {app: cache}}
                    topologyKey: topology.kubernetes.io/zone
            networkPolicy:
              clients: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]
              kafka: [{podSelector: {matchLabels: {strimzi.io/cluster: events}}}]
              storage: [{ports: [{port: 6379}], to: [{podSelector: {matchLabels: {app: redis}}}]}]
            monitoring:
              serviceMonitor: {enabled: true, labels: {release: prometheus}}
              prometheusRule:
                enabled: true
                labels: {release: prometheus}
                successWithinDays: 3
                runbooks: "https://example.com/tidemark/"
              dashboard: {enabled: true, annotations: {grafana_folder: Registry}}
            """);

    private final String yaml;

    Values(String yaml) {
        this.yaml = yaml;
    }

    String yaml() {
        return yaml;
    }
}

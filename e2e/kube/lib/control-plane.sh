# shellcheck shell=bash disable=SC2034
# The control plane on node 1: certificates, etcd, API server, controllers, scheduler, DNS, storage. Sourced by ../kube.

# ---------------------------------------------------------------- who may talk to it

certificate() {                                                 # certificate NAME SUBJECT [SAN]
  openssl genrsa -traditional -out "$DIR/$1.key" 2048 2>/dev/null     # PKCS #1: what every client library reads
  openssl req -new -key "$DIR/$1.key" -out "$DIR/$1.csr" -subj "$2"
  openssl x509 -req -in "$DIR/$1.csr" -CA "$DIR/ca.crt" -CAkey "$DIR/ca.key" -CAcreateserial -days 30 -out "$DIR/$1.crt" \
    -extfile <(printf 'extendedKeyUsage=serverAuth,clientAuth\n'; [ -z "${3:-}" ] || printf 'subjectAltName=%s\n' "$3") 2>/dev/null
}

kubeconfig() {                                                  # kubeconfig FILE SERVER CERTIFICATE
  cat >"$1" <<TEXT
apiVersion: v1
kind: Config
clusters: [{name: $NAME, cluster: {server: "$2", certificate-authority-data: $(base64 -w0 <"$DIR/ca.crt")}}]
users: [{name: $3, user: {client-certificate-data: $(base64 -w0 <"$DIR/$3.crt"), client-key-data: $(base64 -w0 <"$DIR/$3.key")}}]
contexts: [{name: $NAME, context: {cluster: $NAME, user: $3}}]
current-context: $NAME
TEXT
}

credentials() {
  local i
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$DIR/ca.key" -out "$DIR/ca.crt" -days 30 -subj "/CN=$NAME" 2>/dev/null
  openssl genrsa -out "$DIR/sa.key" 2048 2>/dev/null
  certificate apiserver /CN=kube-apiserver "IP:127.0.0.1,IP:$NODES.11,IP:${SERVICES%.*}.1,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local"
  certificate admin /O=system:masters/CN=admin
  certificate kcm /CN=system:kube-controller-manager
  certificate scheduler /CN=system:kube-scheduler
  certificate proxy /CN=system:kube-proxy
  for i in $(seq "$COUNT"); do certificate "node$i" "/O=system:nodes/CN=system:node:$NAME-$i"; done
  for i in admin kcm scheduler proxy $(seq -f 'node%g' "$COUNT"); do kubeconfig "$DIR/$i.conf" "https://$NODES.11:6443" "$i"; done
}

# ---------------------------------------------------------------- its programs

control_plane_up() {
  credentials
  service 1 etcd etcd --data-dir "$DIR/etcd" --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
    --listen-peer-urls http://127.0.0.1:2380 --unsafe-no-fsync --log-level warn
  service 1 apiserver kube-apiserver --etcd-servers=http://127.0.0.1:2379 --advertise-address="$NODES.11" --secure-port=6443 \
    --tls-cert-file="$DIR/apiserver.crt" --tls-private-key-file="$DIR/apiserver.key" --client-ca-file="$DIR/ca.crt" \
    --kubelet-client-certificate="$DIR/admin.crt" --kubelet-client-key="$DIR/admin.key" --kubelet-preferred-address-types=InternalIP \
    --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --allow-privileged=true \
    --service-cluster-ip-range="$SERVICES" --service-account-issuer=https://kubernetes.default.svc \
    --service-account-key-file="$DIR/sa.key" --service-account-signing-key-file="$DIR/sa.key"
  forward_up
  kubeconfig "$DIR/kubeconfig" "https://127.0.0.1:$PORT" admin
  until_true 'API server' kubectl get --raw /readyz
  service 1 controller-manager kube-controller-manager --kubeconfig="$DIR/kcm.conf" --use-service-account-credentials=true \
    --service-account-private-key-file="$DIR/sa.key" --root-ca-file="$DIR/ca.crt" --cluster-signing-cert-file="$DIR/ca.crt" \
    --cluster-signing-key-file="$DIR/ca.key" --bind-address=127.0.0.1 --leader-elect=false --node-monitor-grace-period="${RINGRIFT_KUBE_NODE_GRACE:-50s}"
  service 1 scheduler kube-scheduler --kubeconfig="$DIR/scheduler.conf" --bind-address=127.0.0.1 --leader-elect=false
}

# From this machine: a loopback port, a socket file, the API server (socket files cross network namespaces). Sets PORT.
# The range lies below the one that the kernel hands out by itself; a port that is taken makes socat end at once.
forward_up() {
  (inside 1 setsid socat "UNIX-LISTEN:$DIR/api.sock,fork" "TCP:127.0.0.1:6443") >"$DIR/1/socat.log" 2>&1 </dev/null &
  local pid
  for _ in $(seq 20); do
    PORT=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    setsid socat "TCP-LISTEN:$PORT,bind=127.0.0.1,fork" "UNIX-CONNECT:$DIR/api.sock" >"$DIR/socat.log" 2>&1 </dev/null &
    pid=$!
    for _ in $(seq 40); do
      listening_on "$PORT" && is_program "$pid" socat && { echo "$pid" >"$DIR/forward.pid"; return 0; }
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.05
    done
    kill "$pid" 2>/dev/null || true
  done
  die "found no free loopback port for the API server: $(tail -n 1 "$DIR/socat.log")"
}
listening_on() { grep -q " 0100007F:$(printf '%04X' "$1") 00000000:0000 0A " /proc/net/tcp; }

# ---------------------------------------------------------------- DNS and storage

cluster_services_up() {
  dns_up
  storage_up
}

dns_up() {                                                      # a program on node 1 behind a Service
  cat >"$DIR/Corefile" <<TEXT
.:53 {
  bind $NODES.11
  ready 127.0.0.1:8181
  errors
  cache 5
  kubernetes cluster.local in-addr.arpa { kubeconfig $DIR/admin.conf $NAME
    ttl 2
  }
}
TEXT
  service 1 dns coredns -conf "$DIR/Corefile"
  kubectl apply --server-side -f - >/dev/null <<TEXT
apiVersion: v1
kind: Service
metadata: {name: kube-dns, namespace: kube-system}
spec:
  clusterIP: $DNS
  ports: [{name: dns, port: 53, protocol: UDP}, {name: dns-tcp, port: 53, protocol: TCP}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: kube-dns-1, namespace: kube-system, labels: {kubernetes.io/service-name: kube-dns}}
addressType: IPv4
ports: [{name: dns, port: 53, protocol: UDP}, {name: dns-tcp, port: 53, protocol: TCP}]
endpoints: [{addresses: ["$NODES.11"], conditions: {ready: true}}]
TEXT
}

storage_up() {                                                  # a default storage class: folders of the node
  service 1 storage storage --kubeconfig "$DIR/admin.conf" --root "$DIR/volumes"
  kubectl apply --server-side -f - >/dev/null <<TEXT
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: standard, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
provisioner: ringrift.io/folders
volumeBindingMode: WaitForFirstConsumer
TEXT
}

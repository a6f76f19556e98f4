# shellcheck shell=bash disable=SC2034
# A node: namespaces of its own on this machine, a cable to the switch, containerd, kubelet, kube-proxy. Sourced by ../kube.

# ---------------------------------------------------------------- network

switch_up() {                                                   # the wire between the nodes: no way out of it
  ip netns add "$SW"
  ip -n "$SW" link set lo up
  ip -n "$SW" link add br0 type bridge
  ip -n "$SW" link set br0 up
}

node_net_up() {                                                 # node_net_up N: its network namespace
  local i=$1 ns=$NAME-$1 j
  ip netns add "$ns"
  ip -n "$ns" link set lo up
  ip -n "$ns" link add eth0 type veth peer name "p$i" netns "$SW"
  ip -n "$SW" link set "p$i" master br0 up
  ip -n "$ns" addr add "$NODES.1$i/24" dev eth0
  ip -n "$ns" link set eth0 up
  ip -n "$ns" route add "$SERVICES" dev eth0                    # kube-proxy answers for these
  for j in $(seq "$COUNT"); do [ "$j" = "$i" ] || ip -n "$ns" route add "$PODS.$j.0/24" via "$NODES.1$j"; done
  ip netns exec "$ns" sysctl -qw net.ipv4.ip_forward=1
  ip netns exec "$ns" sysctl -qw net.bridge.bridge-nf-call-iptables=1 2>/dev/null || true   # kernels without it need none
}

netns_of() { ip netns list | sed -n "s/^\($1-\([1-9]\|sw\)\)\b.*/\1/p"; }

# ---------------------------------------------------------------- namespaces and control groups

is_program() { [ "$(cat "/proc/$1/comm" 2>/dev/null)" = "$2" ]; }   # process ids come back: is it still the one we started?

node_alive() {                                                  # node_alive N
  local pid; pid=$(cat "$DIR/$1/pid" 2>/dev/null) && is_program "$pid" pause
}

# Private mount, pid, uts, ipc and cgroup namespaces over the node's network: killing the first process is pulling the plug.
node_start() {
  local i=$1 dir=$DIR/$1
  mkdir -p "$dir"/{kubelet,cni,pods,containers,containerd,plugins}
  write_init "$dir" "$NAME-$i"
  write_launch "$dir" "$NAME-$i"
  mkdir -p /var/lib/kubelet /var/lib/cni /var/log/pods /var/log/containers /usr/libexec/kubernetes   # mount points only
  setsid "$dir/launch" >"$dir/node.log" 2>&1 </dev/null &
  local parent=$! child
  for _ in $(seq 200); do
    child=$(tr -d ' ' <"/proc/$parent/task/$parent/children" 2>/dev/null || true)
    if [ -n "$child" ] && is_program "$child" pause; then
      echo "$child" >"$dir/pid"
      [ ! -f "$dir/cgroup.v2" ] || share_out_v2 "$dir"
      return 0
    fi
    sleep 0.05
  done
  die "node $i did not start: $(tail -n 3 "$dir/node.log")"
}

write_init() {                                                  # what runs inside the new namespaces
  local dir=$1 ns=$2
  cat >"$dir/init" <<TEXT
#!/bin/bash
set -e
hostname $ns
mount --make-rshared /
mount -t tmpfs -o mode=755 tmpfs /run
umount -R /sys && mount -t sysfs sysfs /sys                     # runc and cAdvisor would find the mounts that are only hidden
if [ -f $dir/cgroup.v2 ]; then
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
else
  mount -t tmpfs -o mode=755 tmpfs /sys/fs/cgroup
  for c in cpu cpuacct cpuset memory devices freezer blkio pids; do mkdir /sys/fs/cgroup/\$c; mount -t cgroup -o \$c cgroup /sys/fs/cgroup/\$c; done
  mkdir /sys/fs/cgroup/systemd; mount -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd
fi
mount --bind $dir/kubelet /var/lib/kubelet
mount --bind $dir/cni /var/lib/cni
mount --bind $dir/pods /var/log/pods
mount --bind $dir/containers /var/log/containers
mount --bind $dir/plugins /usr/libexec/kubernetes
mkdir -p /run/containerd /run/wanted
# a kubelet insists on some machine-wide settings: show it the values here, leave the machine as it is
wanted() { [ "\$(cat \$1)" = "\$2" ] || { f=/run/wanted/\$(basename \$1); echo \$2 >\$f; mount --bind \$f \$1; }; }
wanted /proc/sys/vm/overcommit_memory 1
wanted /proc/sys/vm/panic_on_oom 0
wanted /proc/sys/kernel/panic 10
wanted /proc/sys/kernel/panic_on_oops 1
wanted /proc/sys/kernel/keys/root_maxkeys 1000000
wanted /proc/sys/kernel/keys/root_maxbytes 25000000
exec $BIN/pause
TEXT
  chmod +x "$dir/init"
}

write_launch() {                                                # what joins the node's control groups and makes its namespaces
  local dir=$1 ns=$2
  cat >"$dir/launch" <<TEXT
#!/bin/bash
set -e
enter() { mkdir -p \$1; echo \$\$ >\$1/cgroup.procs; echo \$1; }
mine=\$(cat /proc/self/cgroup)                                  # whole, before it changes
if [ "\$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ]; then
  touch $dir/cgroup.v2
  enter /sys/fs/cgroup/ringrift-$ns >$dir/cgroups
else
  while IFS=: read -r id c path; do
    [ -n "\$c" ] || continue
    h=/sys/fs/cgroup/\${c#name=}; [ -d \$h ] || continue
    g=\$h\${path%/}/$ns; mkdir -p \$g
    [ \$c != cpuset ] || { cat \$h\${path%/}/cpuset.cpus >\$g/cpuset.cpus; cat \$h\${path%/}/cpuset.mems >\$g/cpuset.mems; }
    enter \$g
  done <<<"\$mine" >$dir/cgroups
fi
exec nsenter --net=/run/netns/$ns unshare --cgroup --mount --uts --ipc --pid --fork --kill-child=SIGKILL --mount-proc $dir/init
TEXT
  chmod +x "$dir/launch"
}

# cgroup v2: a group shares its controllers out to groups below it only while no process is in it itself, so the node's own
# processes move one level down, and the kubelet finds the controllers at what is the root of the node's cgroup namespace.
share_out_v2() {
  local dir=$1 group p c
  group=$(cat "$dir/cgroups")
  mkdir -p "$group/node"
  while read -r p; do echo "$p" >"$group/node/cgroup.procs"; done <"$group/cgroup.procs"
  for c in cpu cpuset io memory pids hugetlb; do
    echo "+$c" >"${group%/*}/cgroup.subtree_control" && echo "+$c" >"$group/cgroup.subtree_control" || true
  done 2>/dev/null
  echo "$group/node" >"$dir/cgroups.join"
}

inside() {                                                      # inside N CMD...: in all namespaces and groups of the node
  local dir=$DIR/$1 g groups; shift
  groups=$dir/cgroups; [ ! -f "$dir/cgroups.join" ] || groups=$dir/cgroups.join
  while read -r g; do echo "$BASHPID" >"$g/cgroup.procs"; done <"$groups"
  exec nsenter -t "$(cat "$dir/pid")" -m -u -i -n -p -C -- "$@"
}

service() {                                                     # service N LOG CMD...: in the background, its log beside the node
  local i=$1 log=$2; shift 2
  (inside "$i" setsid env PATH="$BIN:/usr/sbin:/usr/bin:/sbin:/bin" "$@") >"$DIR/$i/$log.log" 2>&1 </dev/null &
}

node_kill() {                                                   # node_kill N: the first process takes all others with it; the groups go when empty
  local dir=$DIR/$1 pid g
  ! node_alive "$1" || kill -9 "$(cat "$dir/pid")"
  for pid in $(ip netns pids "$NAME-$1" 2>/dev/null); do kill -9 "$pid" 2>/dev/null || true; done
  rm -f "$dir/pid"
  [ -f "$dir/cgroups" ] || return 0
  while read -r g; do
    for _ in $(seq 50); do
      [ -d "$g" ] || break
      find "$g" -depth -type d -exec rmdir {} + 2>/dev/null || sleep 0.1
    done
  done <"$dir/cgroups"
}

# ---------------------------------------------------------------- what runs on it

containerd_up() {
  local i=$1 dir=$DIR/$1
  cat >"$dir/containerd.toml" <<TEXT
version = 3
root = "$dir/containerd"
state = "/run/containerd"
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.cri.v1.images"]
  snapshotter = "overlayfs"
  [plugins."io.containerd.cri.v1.images".pinned_images]
    sandbox = "localhost/pause:1"
[plugins."io.containerd.cri.v1.runtime"]
  disable_apparmor = true
  restrict_oom_score_adj = true                # without CAP_SYS_RESOURCE it cannot be lowered, and every sandbox would die
  tolerate_missing_hugetlb_controller = true
  [plugins."io.containerd.cri.v1.runtime".cni]
    bin_dirs = ["/usr/lib/cni"]
    conf_dir = "$dir/net.d"
  [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
      BinaryName = "$(command -v runc)"
      SystemdCgroup = false
TEXT
  mkdir -p "$dir/net.d"
  cat >"$dir/net.d/10-pods.conflist" <<TEXT
{"cniVersion": "0.4.0", "name": "pods", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": false, "hairpinMode": true,
   "ipam": {"type": "host-local", "ranges": [[{"subnet": "$PODS.$i.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}], "dataDir": "/run/cni-ipam"}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
TEXT
  service "$i" containerd containerd --config "$dir/containerd.toml"
  until_true "containerd on node $i" containerd_answers "$i"
  import "$i" "$HOME_DIR/pause.tar"
}
import() { (inside "$1" "$BIN/ctr" -n k8s.io images import "$2") 2> >(grep -v DEPRECATION >&2) >/dev/null; }
containerd_answers() { (inside "$1" "$BIN/ctr" version); }

node_join() {                                                   # kubelet and kube-proxy
  local i=$1 dir=$DIR/$1
  printf 'nameserver 127.0.0.1\n' >"$dir/resolv.conf"
  cat >"$dir/kubelet.yaml" <<TEXT
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
failCgroupV1: false
cgroupDriver: cgroupfs
oomScoreAdj: 0
failSwapOn: false
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $DIR/ca.crt}}
authorization: {mode: Webhook}
clusterDomain: cluster.local
clusterDNS: [$DNS]
resolvConf: $dir/resolv.conf
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, nodefs.inodesFree: 1%, imagefs.available: 1%}
imageGCHighThresholdPercent: 100
serializeImagePulls: false
TEXT
  cat >"$dir/proxy.yaml" <<TEXT
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: nftables
clientConnection: {kubeconfig: $DIR/proxy.conf}
clusterCIDR: $PODS.0.0/16
hostnameOverride: $NAME-$i
healthzBindAddress: 127.0.0.1:10256
metricsBindAddress: 127.0.0.1:10249
oomScoreAdj: 0
conntrack: {maxPerCore: 0, min: 0}
TEXT
  service "$i" kubelet kubelet --config="$dir/kubelet.yaml" --kubeconfig="$DIR/node$i.conf" --hostname-override="$NAME-$i" --node-ip="$NODES.1$i" --cert-dir=/run/kubelet-pki
  service "$i" proxy kube-proxy --config="$dir/proxy.yaml"
}

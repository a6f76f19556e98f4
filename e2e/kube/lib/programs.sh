# shellcheck shell=bash disable=SC2034
# The programs: Debian's packages, and Kubernetes itself from Go modules. Sourced by ../kube.

PACKAGES='runc containernetworking-plugins iptables nftables conntrack iproute2 socat ethtool openssl buildah util-linux procps'
NEEDED='runc nft iptables ip socat openssl buildah unshare nsenter'
OLDEST_GO=1.21                                                  # from there on Go fetches the version that go.mod names by itself

install() {
  [ "$(id -u)" = 0 ] || die "install needs root: sudo $0 install"
  command -v apt-get >/dev/null || die "install knows Debian's apt only; install by your own means: $PACKAGES"
  local missing=() p
  for p in $PACKAGES; do [ "$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null)" = installed ] || missing+=("$p"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing Debian packages: ${missing[*]}"
  apt-get update -qq || say "the package lists could not be refreshed; trying with those that are there"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null </dev/null ||
    die "apt-get could not install them (its words are above)"
}

can_run_here() {
  [ "$(uname -s)" = Linux ] || die "runs on Linux only; elsewhere use Docker and kind"
  [ "$(id -u)" = 0 ] || die "needs root: it makes network namespaces and mounts of its own"
  local c missing=()
  for c in $NEEDED; do command -v "$c" >/dev/null || missing+=("$c"); done
  [ ${#missing[@]} = 0 ] || die "missing: ${missing[*]}; run: $0 install"
}

find_go() {                                                     # puts a Go that is new enough on the PATH
  local dir v
  for dir in '' /usr/local/go/bin /usr/lib/go/bin "$HOME/go/bin"; do
    [ -z "$dir" ] || PATH=$dir:$PATH
    v=$(go env GOVERSION 2>/dev/null) || continue
    [ "$(printf '%s\n' "$OLDEST_GO" "${v#go}" | sort -V | head -n 1)" = "$OLDEST_GO" ] && return 0
  done
  die "needs Go $OLDEST_GO or newer on the PATH (it then fetches $(sed -n 's/^go //p' "$HERE/go.mod") by itself)${v:+, found $v}. Debian 12's package is too old: take it from https://go.dev/dl, unpack to /usr/local/go"
}

build_flags() {                                                 # one a line
  local version='-s -w' p
  for p in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    version+=" -X $p.gitVersion=$VERSION -X $p.gitMajor=1 -X $p.gitMinor=$(cut -d. -f2 <<<"$VERSION")"
  done
  printf '%s\n' -mod=readonly -trimpath -tags=no_btrfs,no_devmapper,no_zfs "-ldflags=$version"
}

go_build() {                                                    # go_build PACKAGE...: into $BIN
  local flags; mapfile -t flags < <(build_flags)
  (cd "$HERE" && CGO_ENABLED=0 go build "${flags[@]}" -o "$BIN/" "$@") ||
    die "go build failed (its words are above); what was built is kept, so the next try goes on from there"
}

stamp() { { cat "$HERE"/go.mod "$HERE"/go.sum "$HERE"/*/main.go; build_flags; } | sha256sum | cut -d' ' -f1; }   # all that decides what is built

build() {
  local wanted; wanted=$(stamp)
  [ "$(cat "$BIN/.stamp" 2>/dev/null)" != "$wanted" ] || return 0
  find_go
  mkdir -p "$BIN"
  exec 9>"$HOME_DIR/build.lock"; flock 9                        # two at once would take twice as long, both
  if [ "$(cat "$BIN/.stamp" 2>/dev/null)" != "$wanted" ]; then
    say "building Kubernetes $VERSION and what it runs on, from Go modules: about 12 minutes on two cores, once"
    rm -f "$BIN/.stamp"
    go_build tool ./coredns ./pause ./storage
    mv "$BIN/server" "$BIN/etcd"
    local layout=$HOME_DIR/k8s/${VERSION#v}-linux-$(go env GOARCH)     # what Fabric8's kube-api-test looks for
    mkdir -p "$layout"
    ln -sf "$BIN"/{etcd,kube-apiserver,kubectl} "$layout/"
    echo "$wanted" >"$BIN/.stamp"
  fi
  exec 9>&-
}

clients() {
  [ "$(cat "$BIN/.stamp" 2>/dev/null)" != "$(stamp)" ] || return 0
  find_go
  mkdir -p "$BIN"
  say "building kubectl and helm from Go modules: two or three minutes, once"
  go_build k8s.io/kubernetes/cmd/kubectl helm.sh/helm/v4/cmd/helm
}

pause_image() {                                                 # what every pod's sandbox runs
  [ -f "$HOME_DIR/pause.tar" ] && [ "$HOME_DIR/pause.tar" -nt "$BIN/pause" ] && return 0
  local d; d=$(mktemp -d)
  cp "$BIN/pause" "$d/"
  printf 'FROM scratch\nCOPY pause /pause\nUSER 65535:65535\nENTRYPOINT ["/pause"]\n' >"$d/Dockerfile"
  buildah_in "$d" bud -q --pull-never -t localhost/pause:1 "$d" >/dev/null
  buildah_in "$d" push -q localhost/pause:1 "docker-archive:$d/pause.tar:localhost/pause:1"
  mv "$d/pause.tar" "$HOME_DIR/pause.tar"
  rm -rf "$d"
}

buildah_in() { local d=$1; shift; BUILDAH_ISOLATION=chroot buildah --root "$d/root" --runroot "$d/run" --storage-driver vfs "$@"; }

# shellcheck shell=bash
# What the scripts beside this file share. Sourced; every function says on stderr what it does, stdout is for results.
set -euo pipefail

ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
CACHE=${RINGRIFT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/ringrift}         # outlives `make clean`: container storage, tools
KUBE=$ROOT/e2e/kube/kube
KUBE_HOME=${RINGRIFT_KUBE_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/ringrift-kube}
VERSION=$(sed -n 's#.*<version>\(.*\)</version>.*#\1#p' "$ROOT/pom.xml" | head -n 1)
export RINGRIFT_KUBE_HOME=$KUBE_HOME

say() { printf '%s\n' "$*" >&2; }
step() { printf '\n==> %s  (%d s since the start)\n' "$*" "$SECONDS" >&2; }
die() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" = 0 ]; }

# ---------------------------------------------------------------- what has to be on the machine

apt_offers() { have apt-cache && apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [0-9]'; }

apt_install() {                                                 # apt_install PACKAGE...
  is_root && have apt-get || return 1
  say "installing Debian packages: $*"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null </dev/null && return 0
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null </dev/null
}

is_jdk25() {                                                    # a JDK (not a JRE) of version 25 or later
  [ -x "$1/bin/javac" ] && [ -x "$1/bin/jlink" ] && [ "$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null || echo 0)" -ge 25 ]
}

find_jdk() {                                                    # exports JAVA_HOME
  local d javac
  javac=$(readlink -f "$(command -v javac || true)") || true
  for d in "${JAVA_HOME:-}" "${javac%/bin/javac}" /usr/lib/jvm/*25* /usr/lib/jvm/* /opt/*jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
    if [ -n "$d" ] && is_jdk25 "$d"; then export JAVA_HOME=$d PATH=$d/bin:$PATH; return 0; fi
  done
  if apt_offers openjdk-25-jdk-headless && apt_install openjdk-25-jdk-headless; then find_jdk; return; fi
  die "needs a JDK of version 25 or later, which this machine's package lists do not offer. Take one from https://adoptium.net (Temurin 25), unpack it, and set JAVA_HOME to it${JAVA_HOME:+ (JAVA_HOME is $JAVA_HOME now, which is older or no JDK)}"
}

find_maven() {
  have mvn || apt_install maven || die "needs Maven 3.8 or later on the PATH, and could not install it: apt-get install maven, or https://maven.apache.org"
}

# Maven's own libraries still use what newer JDKs warn of. A build ends before the better compiler has paid for itself.
mvn() { MAVEN_OPTS="-XX:TieredStopAtLevel=1 ${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED" command mvn -B -ntp -Dstyle.color=never -f "$ROOT/pom.xml" "$@"; }

docker_runs() { have docker && docker info >/dev/null 2>&1; }   # the client alone is not enough

# ---------------------------------------------------------------- kubectl and helm

find_clients() {                                                # puts a kubectl and a helm on the PATH that fit the cluster
  if [ ! -x "$KUBE_HOME/bin/kubectl" ] || [ ! -x "$KUBE_HOME/bin/helm" ]; then
    ! clients_are_current || return 0
    "$KUBE" clients
  fi
  export PATH=$KUBE_HOME/bin:$PATH
}

clients_are_current() {
  have helm && have kubectl || return 1
  local minor; minor=$(kubectl version --client -o json 2>/dev/null | sed -n 's/.*"minor": *"\([0-9]*\).*/\1/p' | head -n 1)
  [ "${minor:-0}" -ge 29 ]                                      # native sidecars
}

# What the scripts of this folder share; to be sourced after their arguments are read. Sets repo and work, a folder that goes with the script.
[[ -z $label || $label =~ ^[A-Za-z0-9._-]+$ ]] || { echo "a label is made of letters, digits, dots, dashes and underscores" >&2; exit 2; }

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
chmod 755 "$work"
declare -A pid_of=()

stop() { # NAME: asks the process started under it, waits up to 5 s, then kills
  local pid=${pid_of[$1]}
  unset "pid_of[$1]"
  kill -TERM "$pid" 2>/dev/null || true
  for _ in {1..100}; do kill -0 "$pid" 2>/dev/null || break; sleep 0.05; done
  kill -KILL "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
}
cleanup() {
  local code=$?
  trap - EXIT
  for name in "${!pid_of[@]}"; do stop "$name"; done
  rm -rf "$work"
  exit "$code"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say() { printf '%s\n' "$*" >&2; }

port=$((20000 + RANDOM % 8000))
free_port() { # sets $port to the next port on which nothing listens
  while ((++port)) && (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
}

publish() { # PROJECT-FOLDER [NAME ARGUMENT...]: into $work/bin/NAME, which is the project's where none is given
  dotnet publish "$repo/$1" -c Release -o "$work/bin/${2:-$(basename "$1")}" "${@:3}" -v quiet --nologo >"$work/build.log" 2>&1 \
    || { cat "$work/build.log" >&2; say "building $1 failed"; exit 2; }
}

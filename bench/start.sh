#!/usr/bin/env bash
# What a published gateway takes to start, as images carry it and without a runtime of its own: size on disk, time from exec to the first chat request
# served, memory at rest. See bench/README.md.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: bench/start.sh [--starts 7] [--rest 20] [--save LABEL]
  --starts N    starts on an empty data directory, and as many on the one that the first of them left
  --rest N      seconds of rest before memory is read
  --save LABEL  writes bench/results/DATE-LABEL.md
Exit code: 0 what images carry is within the budgets (600 ms, 60 MB besides pages of files), 1 beyond them, 2 something is not right.
TEXT
}

starts=7 rest=20 label=
while (($#)); do
  case $1 in
    --starts) starts=${2:?}; shift ;;
    --rest) rest=${2:?}; shift ;;
    --save) label=${2:?}; shift ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done
# shellcheck source=bench/common.sh
source "$(dirname "$0")/common.sh"

say "publishing"
publish src/GatewayApi image -p:WithRuntime=true
publish src/GatewayApi plain
publish bench/FakeUpstream
publish bench/YarpProxy
free_port; provider_port=$port
free_port
"$work/bin/FakeUpstream/FakeUpstream" "$provider_port" >"$work/provider.log" 2>&1 &
pid_of[provider]=$!
export START_KEY=sk-start-0123456789abcdef
configure() { # PROVIDERS: writes gateway.json
  printf '{ "server": { "urls": ["http://127.0.0.1:%s"], "dataDirectory": "%s" }, %s "keys": [ { "id": "start", "value": "env:START_KEY", "models": ["*"] } ] }\n' "$port" "$work/data" "$1" >"$work/gateway.json"
}
chat() { configure "\"providers\": { \"bench\": { \"type\": \"openai\", \"baseUrl\": \"http://127.0.0.1:$provider_port/v1\", \"apiKey\": \"env:START_KEY\" } },"; path=chat/completions body='{"model":"bench/bench-1k","messages":[{"role":"user","content":"hi"}]}'; }
simulated() { configure ""; path=embeddings body='{"model":"simulator/embed","input":"hi"}'; }

# Started by root it runs as the image's user does.
user=() as="the user who called"
own() { :; }
if ((EUID == 0)); then
  user=(setpriv --reuid 1654 --regid 1654 --clear-groups) as="user 1654, in a directory that it can't write"
  own() { chown 1654:1654 "$1"; }
  chmod -R a-w "$work/bin/image" "$work/bin/plain" "$work/bin/YarpProxy"
fi

start() { # FORM: sets $ms to the milliseconds until the first chat request has been served
  local began now command=(./GatewayApi --config "$work/gateway.json") ask=$body
  [[ $1 != YarpProxy ]] || command=(./YarpProxy "$port" "http://127.0.0.1:$provider_port") ask=${body/bench\//}
  mkdir -p "$work/data" && own "$work/data"
  began=$(date +%s%N)
  # As in the image: the working directory holds the program and can't be written.
  (cd "$work/bin/$1" && exec "${user[@]}" "${command[@]}") >"$work/gateway.log" 2>&1 &
  pid_of[gateway]=$!
  until curl -sf -o /dev/null "http://127.0.0.1:$port/v1/$path" -H "Authorization: Bearer $START_KEY" -H 'Content-Type: application/json' -d "$ask"; do
    kill -0 "${pid_of[gateway]}" 2>/dev/null || { cat "$work/gateway.log" >&2; exit 2; }
    now=$(date +%s%N)
    ((now - began < 30000000000)) || { cat "$work/gateway.log" >&2; exit 2; }
    sleep 0.01 # who asks without a pause takes one of two cores from the start it measures
  done
  now=$(date +%s%N)
  ms=$(((now - began) / 1000000))
}
median() { printf '%s\n' "$@" | sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }

declare -A empty used simulator rss anonymous size
bare=()
chat
for ((i = 0; i < starts; i++)); do start YarpProxy; bare+=("$ms"); stop gateway; for form in image plain; do rm -rf "$work/data"; start "$form"; empty[$form]+="$ms "; stop gateway; done; done
for ((i = 0; i < starts; i++)); do for form in image plain; do start "$form"; used[$form]+="$ms "; stop gateway; done; done
simulated
for ((i = 0; i < starts; i++)); do for form in image plain; do start "$form"; simulator[$form]+="$ms "; stop gateway; done; done
chat
for form in image plain; do
  start "$form"
  sleep "$rest"
  rss[$form]=$(awk '$1 == "VmRSS:" { print int($2 / 1024) }' "/proc/${pid_of[gateway]}/status")
  anonymous[$form]=$(awk '$1 == "RssAnon:" || $1 == "RssShmem:" { sum += $2 } END { print int(sum / 1024) }' "/proc/${pid_of[gateway]}/status")
  stop gateway
  size[$form]=$(du -sm "$work/bin/$form" | cut -f1)
done
cell() { printf '%s\n' "$@" | sort -n | awk '{ a[NR] = $1 } END { printf "%s (%s–%s)", a[int((NR + 1) / 2)], a[1], a[NR] }'; } # median (least–most)
row() { # TITLE BUDGET ARRAY
  local -n of=$3
  # shellcheck disable=SC2086
  echo "| $1 | $(cell ${of[image]}) | $(cell ${of[plain]}) | $2 |"
}
held=yes
# shellcheck disable=SC2086
(($(median ${empty[image]}) <= 600 && $(median ${used[image]}) <= 600 && anonymous[image] <= 60)) || held=no
report() {
  cat <<TEXT
# Start of the published gateway, $(date +%F)

- Machine: $(nproc) cores, $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo), Linux $(uname -r); commit $(git -C "$repo" rev-parse --short HEAD)
- $starts starts each, as $as; the first request is a chat, relayed to a provider in a process of its own, asked for each 10 ms from exec on; with the simulator, which is a second server in the gateway's process, it is an embedding, for its chats take the time a model takes
- For scale: a bare YARP proxy, plain, has served its first request after $(cell "${bare[@]}") ms in the same run
- The image's form carries its runtime, compiled with the gateway as one; plain is what \`dotnet publish\` makes, on the runtime that is installed

| median (least–most) | image's form | plain | budget of the image's form |
| --- | ---: | ---: | ---: |
$(row "exec to first request served, empty data directory, ms" 600 empty)
$(row "exec to first request served, data directory in use, ms" 600 used)
$(row "exec to first request served by the simulator, data directory in use, ms" "" simulator)
| RSS after $rest s of rest, MB | ${rss[image]} | ${rss[plain]} | |
| of it not pages of files, which the kernel may drop, MB | ${anonymous[image]} | ${anonymous[plain]} | 60 |
| published output, MB | ${size[image]} | ${size[plain]} | |

Within the budgets: $held
TEXT
}
report | if [[ -n $label ]]; then tee "$repo/bench/results/$(date +%F)-$label.md"; else cat; fi
[[ $held == yes ]]

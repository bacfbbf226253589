#!/usr/bin/env bash
# What a published gateway takes to start: size on disk, time from exec to the first chat request served, memory at rest. See bench/README.md.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: bench/start.sh [--starts 7] [--rest 20] [--save LABEL]
  --starts N    starts on an empty data directory, and as many on the one that the first of them left
  --rest N      seconds of rest before memory is read
  --save LABEL  writes bench/results/DATE-LABEL.md
Exit code: 0 within the budgets (600 ms, 120 MB), 1 beyond them, 2 something is not right.
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
publish src/GatewayApi
publish bench/FakeUpstream
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
  chmod -R a-w "$work/bin/GatewayApi"
fi

start() { # sets $ms to the milliseconds until the first chat request has been served
  local began now
  began=$(date +%s%N)
  mkdir -p "$work/data" && own "$work/data"
  # As in the image: the working directory holds the program and can't be written.
  (cd "$work/bin/GatewayApi" && exec "${user[@]}" ./GatewayApi --config "$work/gateway.json") >"$work/gateway.log" 2>&1 &
  pid_of[gateway]=$!
  until curl -sf -o /dev/null "http://127.0.0.1:$port/v1/$path" -H "Authorization: Bearer $START_KEY" -H 'Content-Type: application/json' -d "$body"; do
    kill -0 "${pid_of[gateway]}" 2>/dev/null || { cat "$work/gateway.log" >&2; exit 2; }
    now=$(date +%s%N)
    ((now - began < 30000000000)) || { cat "$work/gateway.log" >&2; exit 2; }
    sleep 0.01 # who asks without a pause takes one of two cores from the start it measures
  done
  now=$(date +%s%N)
  ms=$(((now - began) / 1000000))
}
median() { printf '%s\n' "$@" | sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }

empty=() used=() simulator=()
chat
for ((i = 0; i < starts; i++)); do rm -rf "$work/data"; start; empty+=("$ms"); stop gateway; done
for ((i = 0; i < starts; i++)); do start; used+=("$ms"); stop gateway; done
simulated
for ((i = 0; i < starts; i++)); do start; simulator+=("$ms"); stop gateway; done
chat
start
sleep "$rest"
rss=$(awk '$1 == "VmRSS:" { print int($2 / 1024) }' "/proc/${pid_of[gateway]}/status")
stop gateway
size=$(du -sm "$work/bin/GatewayApi" | cut -f1)
first=$(median "${empty[@]}") again=$(median "${used[@]}")
held=yes
((first <= 600 && again <= 600 && rss <= 120)) || held=no
report() {
  cat <<TEXT
# Start of the published gateway, $(date +%F)

- Machine: $(nproc) cores, $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo), Linux $(uname -r); commit $(git -C "$repo" rev-parse --short HEAD)
- $starts starts each, as $as; the first request is a chat, relayed to a provider in a process of its own, asked for each 10 ms from exec on; with the simulator, which is a second server in the gateway's process, it is an embedding, for its chats take the time a model takes

| | median | least | most | budget |
| --- | ---: | ---: | ---: | ---: |
| exec to first request served, empty data directory, ms | $first | $(printf '%s\n' "${empty[@]}" | sort -n | head -1) | $(printf '%s\n' "${empty[@]}" | sort -n | tail -1) | 600 |
| exec to first request served, data directory in use, ms | $again | $(printf '%s\n' "${used[@]}" | sort -n | head -1) | $(printf '%s\n' "${used[@]}" | sort -n | tail -1) | 600 |
| exec to first request served by the simulator, data directory in use, ms | $(median "${simulator[@]}") | $(printf '%s\n' "${simulator[@]}" | sort -n | head -1) | $(printf '%s\n' "${simulator[@]}" | sort -n | tail -1) | |
| RSS after $rest s of rest, MB | $rss | | | 120 |
| published output, MB | $size | | | |

Within the budgets: $held
TEXT
}
report | if [[ -n $label ]]; then tee "$repo/bench/results/$(date +%F)-$label.md"; else cat; fi
[[ $held == yes ]]

#!/usr/bin/env bash
# Side-by-side load: direct, nginx, a bare YARP proxy and the gateway over one fake upstream, in one run. See bench/README.md.
set -euo pipefail

usage() {
  cat <<'EOF'
usage: bench/load.sh [--rounds 3] [--seconds 8] [--warmup 5] [--quick] [--without-gateway] [--save LABEL]
  --rounds N         rounds over all cases and targets; the tables show medians over them
  --seconds N        length of one wrk run
  --warmup N         seconds of load on each target before anything counts
  --quick            1 round of 2 s, short warm-up and few streams: does it work, not how fast is it
  --without-gateway  direct, nginx and YARP alone
  --save LABEL       writes bench/results/DATE-LABEL.md
Exit code: 0 within the budgets (or without the gateway), 1 a budget or a stream was missed, 2 something is not installed or not right.
EOF
}

rounds=3 seconds=8 warmup=5 first_tokens=500 gap_streams=160 held=1000 hold_seconds=20 starts=5
gateway=true label=
while (($#)); do
  case $1 in
    --rounds) rounds=${2:?}; shift ;;
    --seconds) seconds=${2:?}; shift ;;
    --warmup) warmup=${2:?}; shift ;;
    --quick) rounds=1 seconds=2 warmup=1 first_tokens=50 gap_streams=16 hold_seconds=5 starts=2 ;;
    --without-gateway) gateway=false ;;
    --save) label=${2:?}; shift ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done
# shellcheck source=bench/common.sh
source "$(dirname "$0")/common.sh"

missing=()
for tool in wrk:wrk nginx:nginx dotnet:dotnet-sdk-10.0; do
  PATH=$PATH:/usr/sbin command -v "${tool%%:*}" >/dev/null || missing+=("${tool%%:*} (apt package ${tool##*:})")
done
((${#missing[@]} == 0)) || { printf 'not installed: %s\n' "${missing[@]}" >&2; exit 2; }
PATH=$PATH:/usr/sbin
# 1,000 streams are 2,000 descriptors in a proxy.
(($(ulimit -n) >= 4096)) || ulimit -n 4096 2>/dev/null || { echo "the limit of open files is below 4096 (ulimit -n)" >&2; exit 2; }

# --- build -----------------------------------------------------------------------------------------------------------------------
say "building"
for project in bench/FakeUpstream bench/YarpProxy bench/LoadClient; do publish "$project"; done
$gateway && publish src/GatewayApi GatewayApi -p:WithRuntime=true # as images carry it
bounded=(timeout --foreground 300 "$work/bin/LoadClient/LoadClient")
client() { "${bounded[@]}" "$@"; }

# The runtime's settings decide memory and processor time as much as code does: the report says where the gateway's are its own.
settings() { grep -E '"System\.(GC|Runtime\.Tiered|Threading)[^"]*"' "$work/bin/$1/$1.runtimeconfig.json" | tr -d ' ,' | sort; }
note=
if $gateway && [[ $(settings YarpProxy) != $(settings GatewayApi) ]]; then
  note="The gateway and YARP ran under different runtime settings: gateway $(settings GatewayApi | tr '\n' ' '), YARP $(settings YarpProxy | tr '\n' ' ')."
  say "note: $note"
fi

# --- servers ---------------------------------------------------------------------------------------------------------------------
export BENCH_KEY=sk-bench-0123456789abcdef0123456789abcdef BENCH_UPSTREAM_KEY=sk-upstream
free_port; upstream_port=$port
free_port; nginx_port=$port
free_port; yarp_port=$port
free_port; gateway_port=$port
free_port; sampled_port=$port
free_port; collector_port=$port
free_port; sampled_collector_port=$port
upstream=http://127.0.0.1:$upstream_port
declare -A url_of=(
  [direct]=$upstream [nginx]=http://127.0.0.1:$nginx_port [yarp]=http://127.0.0.1:$yarp_port [gateway]=http://127.0.0.1:$gateway_port
  [translated]=http://127.0.0.1:$gateway_port [sampled]=http://127.0.0.1:$sampled_port [collector]=http://127.0.0.1:$collector_port [sampled_collector]=http://127.0.0.1:$sampled_collector_port)
targets=(direct nginx yarp) extra=() helpers=(upstream)
if $gateway; then
  targets+=(gateway)
  # A second gateway that differs in its sampler alone; it takes part in the first case.
  extra=(sampled)
  helpers+=(collector sampled_collector)
fi

mkdir -p "$work/nginx"
{
  ((EUID != 0)) || echo "user $(id -un);"
  cat <<EOF
daemon off;
worker_processes $(nproc);
pid $work/nginx/pid;
error_log $work/nginx/error.log crit;
worker_rlimit_nofile 4096;
events { worker_connections 4096; }
http {
  access_log off;
  client_max_body_size 0;
  client_body_buffer_size 1m;
  client_body_temp_path $work/nginx/body; proxy_temp_path $work/nginx/proxy; fastcgi_temp_path $work/nginx/fastcgi;
  uwsgi_temp_path $work/nginx/uwsgi; scgi_temp_path $work/nginx/scgi;
  keepalive_requests 100000000;
  tcp_nodelay on;
  upstream fake { server 127.0.0.1:$upstream_port; keepalive 128; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:$nginx_port backlog=4096;
    location / {
      proxy_pass http://fake;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
      proxy_read_timeout 300s;
    }
  }
}
EOF
} >"$work/nginx/nginx.conf"

for name in gateway sampled; do
  mkdir -p "$work/data-$name"
  cat >"$work/$name.json" <<EOF
{
  "server": { "urls": ["${url_of[$name]}"], "dataDirectory": "$work/data-$name" },
  "providers": { "bench": { "type": "openai", "baseUrl": "$upstream/v1", "apiKey": "env:BENCH_UPSTREAM_KEY" }, "claude": { "type": "anthropic", "baseUrl": "$upstream", "apiKey": "env:BENCH_UPSTREAM_KEY" } },
  "customers": { "bench": { "budgets": [ { "name": "month", "amount": 1000000000 } ], "maxParallel": 100000 } },
  "teams": { "bench": { "customer": "bench", "budgets": [ { "name": "day", "amount": 100000000, "window": "1d" } ], "rateLimits": [ { "name": "tpm", "unit": "tokens", "amount": 1000000000000 } ] } },
  "users": { "bench": { "team": "bench", "budgets": [ { "name": "day", "unit": "tokens", "amount": 100000000000000, "window": "1d" } ] } },
  "keys": [ { "id": "bench", "value": "env:BENCH_KEY", "user": "bench", "models": ["*"], "budgets": [ { "name": "hour", "amount": 10000000, "window": "1h" } ], "rateLimits": [ { "name": "rpm", "amount": 1000000000 } ] } ]
}
EOF
done
# Traces and metrics go out over OTLP, to a collector in a process of its own; the sampler is OpenTelemetry's default unless one is named.
otlp() { echo "env -u OTEL_TRACES_SAMPLER -u OTEL_TRACES_SAMPLER_ARG OTEL_EXPORTER_OTLP_ENDPOINT=$1 OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"; }

declare -A command_of=(
  [upstream]="$work/bin/FakeUpstream/FakeUpstream $upstream_port"
  [nginx]="nginx -p $work/nginx -c $work/nginx/nginx.conf -e $work/nginx/error.log"
  [yarp]="$work/bin/YarpProxy/YarpProxy $yarp_port $upstream"
  [collector]="$work/bin/FakeUpstream/FakeUpstream $collector_port"
  [sampled_collector]="$work/bin/FakeUpstream/FakeUpstream $sampled_collector_port"
  [gateway]="$(otlp "${url_of[collector]}") $work/bin/GatewayApi/GatewayApi --config $work/gateway.json"
  [sampled]="$(otlp "${url_of[sampled_collector]}") OTEL_TRACES_SAMPLER=parentbased_traceidratio OTEL_TRACES_SAMPLER_ARG=0.1 $work/bin/GatewayApi/GatewayApi --config $work/sampled.json")

start() { # NAME: starts it in a folder of its own and waits until it answers
  local ready=${url_of[$1]:-$upstream}/stats
  [[ $1 != gateway && $1 != sampled ]] || ready=${url_of[$1]}/health/ready
  # shellcheck disable=SC2086 # the command's words are to be split; no path in it holds a space but by TMPDIR's choice
  (cd "$work" && exec ${command_of[$1]}) >"$work/$1.log" 2>&1 &
  pid_of[$1]=$!
  client ready "$ready" --seconds 30 || { tail -20 "$work/$1.log" >&2; say "$1 did not start"; exit 2; }
}

# --- what the kernel counts --------------------------------------------------------------------------------------------------------
tick=$((1000000 / $(getconf CLK_TCK)))
processes() { # NAME: its process and that one's children (nginx has workers)
  local pid=${pid_of[$1]:-}
  [[ -n $pid ]] || return 0
  echo "$pid" $(cat "/proc/$pid/task/$pid/children" 2>/dev/null || true)
}
cpu() { # NAME: microseconds of processor time, user and system, since its start
  local sum=0 line fields
  for pid in $(processes "$1"); do
    line=$(<"/proc/$pid/stat")
    read -ra fields <<<"${line##*) }"
    ((sum += fields[11] + fields[12]))
  done
  echo $((sum * tick))
}
memory() { # NAME FIELD: kilobytes, over its processes
  local sum=0 value
  for pid in $(processes "$1"); do
    value=$(awk -v field="$2:" '$1 == field { print $2 }' "/proc/$pid/status")
    ((sum += value))
  done
  echo "$sum"
}
busy() { # ticks in which the machine's cores did anything, or were taken from it
  awk '/^cpu / { print $2 + $3 + $4 + $7 + $8 + $9 }' /proc/stat
}
count_ours() { # sets $ours to the ticks of the servers and of the programs that this script has run and waited for
  local name
  # Not in a subshell, which would count its own programs alone.
  times >"$work/times"
  ours=$(awk -v tick="$tick" 'NR == 2 { gsub(/[ms]/, " "); print int(($1 * 60 + $2 + $3 * 60 + $4) * 1000000 / tick) }' "$work/times")
  for name in "${helpers[@]}" "${targets[@]}" "${extra[@]}"; do ((ours += $(cpu "$name") / tick)); done
}
reset_peak() { for pid in $(processes "$1"); do echo 5 2>/dev/null >"/proc/$pid/clear_refs" || true; done; }

# --- load --------------------------------------------------------------------------------------------------------------------------
model() { # TARGET MODEL: as the target spells it; translated is the same gateway and client, but a provider of another wire
  case $1 in gateway | sampled) echo "bench/$2" ;; translated) echo "claude/$2" ;; *) echo "$2" ;; esac
}

load() { # TARGET MODEL BYTES STREAM CONNECTIONS SECONDS: prints wrk's figures
  BENCH_MODEL=$(model "$1" "$2") BENCH_IN=$3 BENCH_STREAM=$4 \
    wrk -t1 -c"$5" -d"$6s" --timeout 10s -s "$repo/bench/chat.lua" "${url_of[$1]}/v1/chat/completions" >"$work/wrk.log" 2>&1 \
    || { cat "$work/wrk.log" >&2; exit 2; }
  sed -n 's/^FIGURES\t//p' "$work/wrk.log"
}

measure() { # CASE TARGET MODEL BYTES STREAM CONNECTIONS: adds a line to load.tsv
  local before upstream_before figures
  reset_peak "$2"
  before=$(cpu "$2") upstream_before=$(cpu upstream)
  figures=$(load "$2" "$3" "$4" "$5" "$6" "$seconds")
  printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$figures" \
    $(($(cpu "$2") - before)) $(($(cpu upstream) - upstream_before)) "$(memory "$2" VmRSS)" "$(memory "$2" VmHWM)" >>"$work/load.tsv"
}

# title|model|bytes of the body|stream|connections
# Events sent at once reach a proxy many to a read; only paced ones cost it a read and a write each, as a model's do.
cases=(
  "1 KB in, 1 KB out|bench-1k|1024|false|32"
  "1 KB in, 64 KB out|bench-64k|1024|false|32"
  "64 KB in, 1 KB out|bench-1k|65536|false|32"
  "1 KB in, stream of 20 events at once|bench-stream|1024|true|32"
  "1 KB in, stream of 20 events 20 ms apart, 256 connections|bench-paced|1024|true|256")

for name in "${helpers[@]}" "${targets[@]}" "${extra[@]}"; do [[ $name == direct ]] || start "$name"; done

policy() { awk '{ sub(/.*\) /, ""); print $39 }' "/proc/${pid_of[$1]}/stat"; } # NAME: how the kernel schedules it, proc(5)
if $gateway && [[ $(policy gateway) != $(policy yarp) ]]; then
  note="${note:+$note }The kernel scheduled the gateway by policy $(policy gateway) (3: batch; \`server.scheduling\`), YARP by $(policy yarp) (0: the default)."
fi

spans() { # prints how many spans the collector has, once none has come for longer than the exporter gathers them (5 s)
  local last=-1 now=0
  while ((now != last)); do
    last=$now
    sleep 6
    exec 3<>"/dev/tcp/127.0.0.1/$collector_port"
    printf 'GET /stats HTTP/1.1\r\nHost: collector\r\nConnection: close\r\n\r\n' >&3
    now=$(sed -n 's/.*"spans":\([0-9]*\).*/\1/p' <&3)
    exec 3>&-
  done
  echo "$now"
}

say "warming up"
for target in "${targets[@]}" "${extra[@]}"; do
  for i in "${!cases[@]}"; do
    [[ $i == 0 || $target != sampled ]] || continue
    IFS='|' read -r _ name bytes stream connections <<<"${cases[i]}"
    load "$target" "$name" "$bytes" "$stream" "$connections" $((i == 0 ? warmup : (warmup + 1) / 2)) >/dev/null
  done
done
! $gateway || load translated bench-stream 1024 true 32 $(((warmup + 1) / 2)) >/dev/null

$gateway && spans_before=$(spans)
began=$EPOCHREALTIME busy_before=$(busy)
count_ours; ours_before=$ours
for ((round = 0; round < rounds; round++)); do
  for one in "${cases[@]}"; do
    IFS='|' read -r title name bytes stream connections <<<"$one"
    say "round $((round + 1)) of $rounds: $title"
    these=("${targets[@]}")
    [[ $one != "${cases[0]}" ]] || these+=("${extra[@]}")
    for ((i = 0; i < ${#these[@]}; i++)); do
      # Another target goes first in each round.
      measure "$title" "${these[(i + round) % ${#these[@]}]}" "$name" "$bytes" "$stream" "$connections"
    done
  done
done

took=$((${EPOCHREALTIME/./} - ${began/./}))
count_ours
others=$((100 * ($(busy) - busy_before - (ours - ours_before)) * tick / (took * $(nproc))))

tracing=
if $gateway; then
  replies=$(awk -F'\t' '$2 == "gateway" { sum += $3 } END { print sum }' "$work/load.tsv")
  exported=$(($(spans) - spans_before))
  # Requests that wrk abandons at the end of a run have spans too: there may be a few more spans than replies.
  dropped=$((replies > exported ? replies - exported : 0))
  tracing="The gateway ran with everything on: its key stands under a user, a team and a customer, with seven budgets and limits among them (money, tokens, requests, requests at once), ledger and metrics as they are by default, and it traced every request (OpenTelemetry's default sampler), exporting over OTLP, http/protobuf, in batches: $exported spans arrived for $replies replies, $dropped were dropped. \`sampled\` is the same gateway tracing one request in ten (parentbased_traceidratio, 0.1)."
  for name in "${extra[@]}"; do stop "$name"; done
fi

# --- streams -----------------------------------------------------------------------------------------------------------------------
lanes=("${targets[@]}")
! $gateway || lanes+=(translated)
all() { for target in "${lanes[@]}"; do printf -- '--target %s %s/v1/chat/completions %s ' "$target" "${url_of[$target]}" "$(model "$target" "$1")"; done; }
missed=0
say "first tokens"
# shellcheck disable=SC2046
client stream $(all bench-stream) --key "$BENCH_KEY" --count "$first_tokens" --warmup $((first_tokens / 5)) >"$work/immediate.json" || missed=1
say "gaps"
# shellcheck disable=SC2046
client stream $(all bench-paced) --key "$BENCH_KEY" --count "$gap_streams" --warmup 8 --concurrency 8 >"$work/paced.json" || missed=1

for target in "${targets[@]}"; do
  [[ $target != direct ]] || continue
  say "$held streams held: $target"
  # A fresh process: what it kept from the load above is not what streams cost.
  stop "$target"
  start "$target"
  at=(--target "$target" "${url_of[$target]}/v1/chat/completions")
  client stream "${at[@]}" "$(model "$target" bench-stream)" --key "$BENCH_KEY" --count 500 >/dev/null || missed=1
  before=$(memory "$target" VmRSS)
  reset_peak "$target"
  "${bounded[@]}" hold "${at[@]}" "$(model "$target" "bench-slow-$hold_seconds")" --key "$BENCH_KEY" --streams "$held" --events "$hold_seconds" >>"$work/hold.json" &
  pid_of[client]=$! during=0
  while kill -0 "${pid_of[client]}" 2>/dev/null; do
    now=$(memory "$target" VmRSS)
    during=$((now > during ? now : during))
    sleep 0.5
  done
  wait "${pid_of[client]}" || missed=1
  unset "pid_of[client]"
  printf '%s\t%s\t%s\t%s\n' "$target" "$before" "$during" "$(memory "$target" VmHWM)" >>"$work/hold.tsv"
done

for target in "${targets[@]}"; do
  [[ $target != direct && $target != nginx ]] || continue
  say "starts: $target"
  stop "$target"
  # shellcheck disable=SC2086
  (cd "$work" && client start --target "$target" "${url_of[$target]}/v1/chat/completions" "$(model "$target" bench-1k)" --key "$BENCH_KEY" --count "$starts" \
    -- ${command_of[$target]}) >>"$work/start.json" || missed=1
done

# --- report ------------------------------------------------------------------------------------------------------------------------
client report "$work" >"$work/tables.md" || missed=1
{
  changed=$(git -C "$repo" status --porcelain --untracked-files=no 2>/dev/null | head -1)
  echo "# Side-by-side load, $(date -u +%F)${label:+, $label}"
  echo
  echo "- Machine: $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), Linux $(uname -r | sed 's/-.*//')"
  echo "- Runtime: $(dotnet --list-runtimes | sed -n 's/^Microsoft.AspNetCore.App \([^ ]*\).*/ASP.NET Core \1/p' | tail -1); $(nginx -v 2>&1 | sed 's/.*: //'); $(wrk -v 2>&1 | sed -n '1s/^\(wrk [^ ]*\).*/\1/p')"
  echo "- Commit: $(git -C "$repo" rev-parse --short HEAD 2>/dev/null || echo unknown)${changed:+, with uncommitted changes}"
  echo "- $rounds rounds of $seconds s for each case and target, 32 connections where none are named, 1 wrk thread; medians over rounds"
  echo "- Other work on the machine took about $((others > 0 ? others : 0)) % of its processor time meanwhile"
  [[ -z $tracing ]] || echo "- $tracing"
  [[ -z $note ]] || echo "- $note"
  echo
  sed -e '${/^$/d}' "$work/tables.md"
} >"$work/report.md"
cat "$work/report.md"
if [[ -n $label ]]; then
  mkdir -p "$repo/bench/results"
  cp "$work/report.md" "$repo/bench/results/$(date -u +%F)-$label.md"
  say "saved bench/results/$(date -u +%F)-$label.md"
fi
exit "$missed"

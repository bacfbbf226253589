-- Posts one chat request again and again and ends with a line of tab-separated figures that load.sh reads.
-- BENCH_MODEL: the model as the target spells it; BENCH_IN: bytes of the body; BENCH_STREAM: "true" asks for a stream; BENCH_KEY: the key.
local size = tonumber(os.getenv("BENCH_IN"))
local head = '{"model":"' .. os.getenv("BENCH_MODEL") .. '",'
if os.getenv("BENCH_STREAM") == "true" then
  head = head .. '"stream":true,"stream_options":{"include_usage":true},'
end
head = head .. '"temperature":0.7,"messages":[{"role":"system","content":"You are brief."},{"role":"user","content":"'
local tail = '"}]}'
local sentence = "The quick brown fox jumps over the lazy dog, and \\\"the dog\\\" doesn't mind.\\n"
local room = size - #head - #tail
local text = string.rep(sentence, math.floor(room / #sentence))

wrk.method = "POST"
wrk.body = head .. text .. string.rep(".", room - #text) .. tail
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer " .. os.getenv("BENCH_KEY")

function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("FIGURES\t%d\t%d\t%.1f\t%.1f\t%d\t%d\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout, summary.bytes))
end

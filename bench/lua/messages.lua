-- Messages of Vapi's, each about a call of its own, as fast as they are taken in.
--
-- wrk ... -s messages.lua -- <secret> <clinics> <seed>
local count = 0
local threads = 0
local headers, clinics, prefix

function setup(thread)
    threads = threads + 1
    thread:set("id", threads)
end

function init(args)
    headers = { ["x-vapi-secret"] = args[1], ["Content-Type"] = "application/json" }
    clinics = tonumber(args[2])
    prefix = "wrk-" .. args[3] .. "-" .. id .. "-"
end

function request()
    count = count + 1
    return wrk.format("POST", "/api/vapi/webhook", headers, string.format(
        '{"message":{"type":"hang","call":{"id":"%s%d","type":"inboundPhoneCall"},"phoneNumber":{"number":"+4420%08d"}}}',
        prefix, count, 10000000 + count % clinics))
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        '\nJSON {"requests":%d,"duration_us":%d,"p50_us":%d,"p99_us":%d,"worst_us":%d,"failed":%d}\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end

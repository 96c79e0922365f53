-- Requests of many signed-in callers, one after another at random.
--
-- wrk ... -s callers.lua -- <method> <path> <file with one token a line> <threads>
local requests = {}
local count = 0
local write = false

function init(args)
    local method, path, tokens = args[1], args[2], args[3]
    write = method ~= "GET"
    for token in io.lines(tokens) do
        count = count + 1
        local headers = { ["Authorization"] = "Bearer " .. token, ["Content-Type"] = write and "application/json" or nil }
        requests[count] = { method = method, path = path, headers = headers }
        if not write then
            requests[count] = wrk.format(method, path, headers, nil)
        end
    end
    -- Each thread is a Lua of its own, seeded alike: the address of a fresh table tells them apart.
    math.randomseed(tonumber(tostring({}):match("0x(%x+)"), 16) % 2147483647)
end

function request()
    local caller = requests[math.random(count)]
    if not write then
        return caller
    end
    local body = '{"clinic_name":"Clinic ' .. math.random(1000000000) .. '"}'
    return wrk.format(caller.method, caller.path, caller.headers, body)
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        '\nJSON {"requests":%d,"duration_us":%d,"p50_us":%d,"p99_us":%d,"failed":%d}\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end

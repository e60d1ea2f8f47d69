-- load.lua - what wrk sends, and its result as one line for the script.
--
--   wrk -s tests/bench/load.lua URL -- get
--   wrk -s tests/bench/load.lua URL -- post FILE              the same body each time
--   wrk -s tests/bench/load.lua URL -- stored FILE RUN RATE   a uetr of its own each time
--
-- RUN tells the uetrs of one run from another's.  RATE (requests a second, 0 for as
-- fast as possible) paces all connections of the one thread by one timetable.
-- Result: "RESULT requests/s p50_us p99_us requests errors".

local ffi = require("ffi")
ffi.cdef [[
    typedef struct { long sec; long nsec; } bench_time;
    int clock_gettime(int clock, bench_time *time);
]]
local CLOCK_MONOTONIC = 1
local time = ffi.new("bench_time")

local function now_ms()
    ffi.C.clock_gettime(CLOCK_MONOTONIC, time)
    return tonumber(time.sec) * 1000 + tonumber(time.nsec) / 1e6
end

local function read(path)
    local file = assert(io.open(path, "rb"))
    local text = file:read("*a")
    file:close()
    return text
end

-- The payment cut around its uetr, as a whole HTTP request: only 36 bytes change.
local before, after, run, count = nil, nil, 0, 0

local function prepare_stored(body)
    local first, last = body:find('"uetr": *"[0-9a-f-]+"')
    assert(first, "the payment has no uetr")
    local length = #body - (last - first + 1) + #'"uetr":"' + 36 + 1
    before = wrk.method .. " " .. wrk.path .. " HTTP/1.1\r\nHost: " .. wrk.host ..
        "\r\nContent-Type: application/json\r\nContent-Length: " .. length .. "\r\n\r\n" ..
        body:sub(1, first - 1) .. '"uetr":"'
    after = '"' .. body:sub(last + 1)
end

local function stored_request()
    count = count + 1
    return before .. string.format("%08x-0000-4000-8000-%012x", run, count) .. after
end

local rate, due = 0, 0

-- Milliseconds until this connection may send: the timetable's next free moment.
local function paced_delay()
    local now = now_ms()
    due = math.max(due + 1000 / rate, now - 1000)
    return math.max(0, math.floor(due - now + 0.5))
end

function init(args)
    local mode = args[1]
    if mode == "get" then
        return
    end
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/json"
    wrk.body = read(args[2])
    if mode == "stored" then
        run, rate = tonumber(args[3]), tonumber(args[4])
        prepare_stored(wrk.body)
        request = stored_request
        if rate > 0 then
            due = now_ms()
            delay = paced_delay
        end
    end
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format("RESULT %.1f %d %d %d %d\n",
        summary.requests / (summary.duration / 1e6), latency:percentile(50),
        latency:percentile(99), summary.requests,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end

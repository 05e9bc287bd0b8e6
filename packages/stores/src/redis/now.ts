/** Begins a script: `now` is what ARGV[1] says, or the moment by Redis's own clock, in ms. */
export const REDIS_NOW = `
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
`;

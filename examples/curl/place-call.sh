#!/usr/bin/env bash
# Places a call and follows it to its end. Ends with 0 where the call was completed, else with 1.
set -euo pipefail

usage() {
  cat <<'END'
Places a call and follows it to its end. Ends with 0 where the call was completed, else with 1.

  examples/curl/place-call.sh <number> [assistant-id] [caller-id]

Environment: RAPIDA_URL (http://localhost:8080), RAPIDA_API_KEY (scope "calls"), RAPIDA_ASSISTANT_ID for the assistant.
END
}

missing() {
  printf 'missing: %s\n\n' "$1" >&2
  usage >&2
  exit 2
}

case "${1-}" in -h | --help)
  usage
  exit 0
  ;;
esac
url=${RAPIDA_URL:-http://localhost:8080}
url=${url%/}
to=${1-}
assistant=${2:-${RAPIDA_ASSISTANT_ID-}}
from=${3-}
[ -n "$to" ] || missing '<number>'
[ -n "$assistant" ] || missing 'assistant-id or RAPIDA_ASSISTANT_ID'
[ -n "${RAPIDA_API_KEY-}" ] || missing RAPIDA_API_KEY
# They become JSON as they are.
case "$to$assistant" in *[!0-9+*#]*)
  printf 'place-call: the number has digits, *, # and +, the assistant-id digits\n' >&2
  exit 2
  ;;
esac
case "$from" in *[!0-9A-Za-z\ ._+*#\<\>-]*)
  printf 'place-call: a caller id is a number, or Name <number>\n' >&2
  exit 2
  ;;
esac

# The key goes in by a file descriptor: the arguments of a program can be read by everybody on its host. `ask METHOD PATH [BODY]`
# prints the body of the answer, and with it what was wrong where it is none of success.
ask() {
  local method=$1 path=$2 answer status
  shift 2
  answer=$(curl --silent --show-error --max-time 30 --request "$method" "$url$path" \
    --header @<(printf 'x-api-key: %s\n' "$RAPIDA_API_KEY") "$@" --write-out '\n%{http_code}') || return 1
  status=${answer##*$'\n'}
  answer=${answer%$'\n'*}
  case "$status" in
    2??) printf '%s\n' "$answer" ;;
    *)
      printf 'place-call: the server answered %s: %s\n' "$status" "$answer" >&2
      return 1
      ;;
  esac
}

# The first text of this name, with what is between the quotation marks. jq is better where it is there.
text_of() {
  grep --only-matching --max-count=1 "\"$1\":\"[^\"]*\"" | head -n 1 | cut -d '"' -f 4
}

order="{\"assistant\":{\"assistantId\":\"$assistant\",\"version\":\"latest\"},\"toNumber\":\"$to\""
[ -z "$from" ] || order="$order,\"fromNumber\":\"$from\""
# Whoever sends the order again after a lost answer does so under the same key, and places one call.
key=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
placed=$(ask POST /v1/talk/create-phone-call --header 'content-type: application/json' \
  --header "idempotency-key: $key" --data "$order}") || exit 1
id=$(text_of id <<<"$placed")
printf 'call %s\n' "$id"

shown=
while :; do
  call=$(ask GET "/v1/calls/$id") || exit 1
  state=$(text_of state <<<"$call")
  if [ "$state" != "$shown" ]; then
    shown=$state
    reason=$(text_of reason <<<"$call" || true)
    printf '%s\n' "$state${reason:+: $reason}"
  fi
  case "$state" in
    completed) exit 0 ;;
    failed | no_answer | busy | rejected | cancelled | expired) exit 1 ;;
  esac
  sleep 0.5
done

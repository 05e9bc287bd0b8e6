#!/usr/bin/env python3
"""Places a call over REST and follows it to its end. Ends with 0 where the call was completed, else with 1.

Needs Python 3.9 and nothing else. Environment: RAPIDA_URL (http://localhost:8080), RAPIDA_API_KEY (scope "calls"),
RAPIDA_ASSISTANT_ID for --assistant.
"""

import argparse
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

FINAL_STATES = {"completed", "failed", "no_answer", "busy", "rejected", "cancelled", "expired"}
POLL_SECONDS = 0.5
TIMEOUT_SECONDS = 30


class Failed(Exception):
    """What is said to people; it never holds the key."""


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would take the key along, to wherever it leads."""

    def redirect_request(self, *_args):
        return None


OPENER = urllib.request.build_opener(NoRedirect)


def ask(url, key, method, path, body=None, headers=None):
    """The JSON of a successful answer."""
    request = urllib.request.Request(
        url.rstrip("/") + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"x-api-key": key, "content-type": "application/json", **(headers or {})},
    )
    try:
        with OPENER.open(request, timeout=TIMEOUT_SECONDS) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise Failed(told(error)) from None
    except OSError as error:
        raise Failed(f"no answer from {url}: {getattr(error, 'reason', error)}") from None
    except ValueError:
        raise Failed(f"the answer of {url} is not JSON") from None


def told(error):
    """Errors are {"error", "code"}; those about placing calls are {"error": {"errorMessage": "<code>: <text>", ...}}."""
    try:
        body = json.load(error)
        if isinstance(body["error"], dict):
            return body["error"]["errorMessage"]
        return f"{body['error']} ({body['code']})"
    except (ValueError, KeyError, TypeError):
        return f"the server answered {error.code}"


def place_and_follow(url, key, assistant, to, caller):
    order = {"assistant": {"assistantId": assistant, "version": "latest"}, "toNumber": to}
    if caller:
        order["fromNumber"] = caller
    # Whoever sends the order again after a lost answer does so under the same key, and places one call.
    headers = {"idempotency-key": str(uuid.uuid4())}
    placed = ask(url, key, "POST", "/v1/talk/create-phone-call", order, headers)["data"]
    print(f"call {placed['id']}", flush=True)
    path = "/v1/calls/" + urllib.parse.quote(placed["id"], safe="")
    shown = None
    while shown not in FINAL_STATES:
        call = ask(url, key, "GET", path)
        if call["state"] != shown:
            shown = call["state"]
            print(": ".join(part for part in (shown, call["reason"]) if part), flush=True)
        if shown not in FINAL_STATES:
            time.sleep(POLL_SECONDS)
    return shown == "completed"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", required=True, help="whom to call")
    parser.add_argument("--assistant", default=os.environ.get("RAPIDA_ASSISTANT_ID"), help="id of the assistant")
    parser.add_argument("--from", dest="caller", help="caller id (default: the deployment's phone)")
    options = parser.parse_args()
    key = os.environ.get("RAPIDA_API_KEY")
    if not options.assistant:
        parser.error("missing: --assistant or RAPIDA_ASSISTANT_ID")
    if not key:
        parser.error("missing: RAPIDA_API_KEY")
    url = os.environ.get("RAPIDA_URL", "http://localhost:8080")
    try:
        return 0 if place_and_follow(url, key, options.assistant, options.to, options.caller) else 1
    except Failed as error:
        print(f"place_call: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())

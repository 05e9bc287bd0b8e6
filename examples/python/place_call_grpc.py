#!/usr/bin/env python3
"""Places a call over gRPC and follows it to its end. Ends with 0 where the call was completed, else with 1.

Needs grpcio and protobuf for Python, and protoc of the same age (Debian: python3-grpcio python3-protobuf
protobuf-compiler libprotobuf-dev): messages are made from the .proto files when it starts. Environment: RAPIDA_GRPC (localhost:9090),
RAPIDA_API_KEY (scope "calls"), RAPIDA_ASSISTANT_ID for --assistant, RAPIDA_GRPC_TLS=1 for a server with a certificate.
"""

import argparse
import importlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import uuid

PROTO = pathlib.Path(__file__).resolve().parents[2] / "packages" / "api" / "proto"
FINAL_STATES = {"completed", "failed", "no_answer", "busy", "rejected", "cancelled", "expired"}
POLL_SECONDS = 0.5
TIMEOUT_SECONDS = 30
# The newest calls of the assistant are looked through; a busier one needs more.
LOOK_THROUGH = 50


def messages():
    """The module that protoc writes of talk-api.proto."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["protoc", f"--proto_path={PROTO}", f"--python_out={folder}", "common.proto", "talk-api.proto"]
        if subprocess.run(command, check=False).returncode != 0:
            sys.exit("place_call_grpc: protoc cannot read the .proto files (Debian: libprotobuf-dev has Google's)")
        sys.path.insert(0, folder)
        try:
            return importlib.import_module("talk_api_pb2")
        finally:
            sys.path.remove(folder)


class TalkService:
    """The two methods that are used here; a generated stub has all of them."""

    def __init__(self, channel, talk, key):
        self.metadata = (("x-api-key", key),)
        self._create = self._method(channel, "CreatePhoneCall", talk.CreatePhoneCallResponse)
        self._calls = self._method(channel, "GetAllAssistantConversation", talk.GetAllAssistantConversationResponse)

    @staticmethod
    def _method(channel, name, response):
        return channel.unary_unary(
            f"/talk_api.TalkService/{name}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=response.FromString,
        )

    def create_phone_call(self, request, idempotency_key):
        metadata = self.metadata + (("idempotency-key", idempotency_key),)
        return self._create(request, metadata=metadata, timeout=TIMEOUT_SECONDS)

    def get_all_assistant_conversation(self, request):
        return self._calls(request, metadata=self.metadata, timeout=TIMEOUT_SECONDS)


def place_and_follow(service, talk, assistant, to, caller):
    order = talk.CreatePhoneCallRequest(toNumber=to, fromNumber=caller or "")
    order.assistant.assistantId = assistant
    order.assistant.version = "latest"
    # Whoever sends the order again after a lost answer does so under the same key, and places one call.
    placed = service.create_phone_call(order, str(uuid.uuid4())).data
    print(f"call {placed.id}", flush=True)
    look = talk.GetAllAssistantConversationRequest(assistantId=assistant)
    look.paginate.page = 1
    look.paginate.pageSize = LOOK_THROUGH
    shown = None
    while shown not in FINAL_STATES:
        found = [call for call in service.get_all_assistant_conversation(look).data if call.id == placed.id]
        if found and found[0].status != shown:
            shown = found[0].status
            print(shown, flush=True)
        if shown not in FINAL_STATES:
            time.sleep(POLL_SECONDS)
    return shown == "completed"


def whole_number(text):
    return int(text, 10)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", required=True, help="whom to call")
    assistant = os.environ.get("RAPIDA_ASSISTANT_ID") or None
    parser.add_argument("--assistant", default=assistant, type=whole_number, help="id of the assistant")
    parser.add_argument("--from", dest="caller", help="caller id (default: the deployment's phone)")
    options = parser.parse_args()
    key = os.environ.get("RAPIDA_API_KEY")
    if not options.assistant:
        parser.error("missing: --assistant or RAPIDA_ASSISTANT_ID")
    if not key:
        parser.error("missing: RAPIDA_API_KEY")
    try:
        import grpc
    except ImportError:
        parser.error("missing: grpcio for this Python (Debian: python3-grpcio)")
    if shutil.which("protoc") is None:
        parser.error("missing: protoc (Debian: protobuf-compiler)")
    address = os.environ.get("RAPIDA_GRPC", "localhost:9090")
    if os.environ.get("RAPIDA_GRPC_TLS"):
        channel = grpc.secure_channel(address, grpc.ssl_channel_credentials())
    else:
        channel = grpc.insecure_channel(address)
    talk = messages()
    with channel:
        try:
            service = TalkService(channel, talk, key)
            return 0 if place_and_follow(service, talk, options.assistant, options.to, options.caller) else 1
        except grpc.RpcError as error:
            # The stable code of the error is a trailer.
            codes = [value for name, value in error.trailing_metadata() or () if name == "x-rapida-error"]
            why = ", ".join([error.code().name, *codes])
            print(f"place_call_grpc: {error.details()} ({why})", file=sys.stderr)
            return 1


if __name__ == "__main__":
    sys.exit(main())

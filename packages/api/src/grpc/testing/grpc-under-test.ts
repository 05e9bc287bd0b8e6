import './exact-integers.js';
import { fileURLToPath } from 'node:url';
import * as grpc from '@grpc/grpc-js';
import { fromJSON, loadSync, type MessageTypeDefinition, type PackageDefinition } from '@grpc/proto-loader';
import type { UseCases } from '@rapida/calls';
import { silentLogger, type Telemetry } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { KEYS } from '../../testing/fake-use-cases.js';
import { createGrpcServer, type GrpcDependencies, type GrpcServer } from '../grpc-server.js';

const PROTO = fileURLToPath(new URL('../../../proto', import.meta.url));
const OPTIONS = { keepCase: true, longs: String, enums: String, defaults: true, oneofs: true };

/** As a foreign client reads them: the plain .proto files, by another implementation of Protocol Buffers. */
export const DEFINITIONS: PackageDefinition = loadSync(
  [
    'common.proto',
    'talk-api.proto',
    'grpc/health/v1/health.proto',
    'grpc/reflection/v1/reflection.proto',
    'grpc/reflection/v1alpha/reflection.proto',
  ],
  { ...OPTIONS, includeDirs: [PROTO] },
);

export interface GrpcUnderTest extends GrpcServer {
  readonly clock: VirtualClock;
  /** Name and values of the labels of every count, in order. */
  readonly counts: string[];
}

export function createGrpcUnderTest(useCases: UseCases, options: Partial<GrpcDependencies> = {}): GrpcUnderTest {
  const clock = new VirtualClock();
  const counts: string[] = [];
  const telemetry: Telemetry = {
    count: (name, labels = {}) => void counts.push([name, ...Object.values(labels)].join(' ')),
    gauge() {},
    observe() {},
  };
  const requestId = () => 'request-1';
  const server = createGrpcServer({ useCases, clock, telemetry, logger: silentLogger, requestId, ...options });
  return { ...server, clock, counts };
}

export interface Failure {
  /** Name of the gRPC status. */
  readonly status: string;
  readonly message: string;
  /** The trailer `x-rapida-error`. */
  readonly code: string | undefined;
  /** The message `Error` in `grpc-status-details-bin`. */
  readonly detail: unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: the methods and messages of a client that is made at run time
export type Loose = any;

export interface Outcome {
  readonly response?: Loose;
  readonly failure?: Failure;
}

export function clientOf(
  service: string,
  port: number,
  credentials = grpc.credentials.createInsecure(),
): grpc.Client & Loose {
  let found: Loose = grpc.loadPackageDefinition(DEFINITIONS);
  for (const part of service.split('.')) found = found[part];
  return new found(`localhost:${port}`, credentials, { 'grpc.max_send_message_length': -1 });
}

export function metadataOf(headers: Readonly<Record<string, string>>): grpc.Metadata {
  const metadata = new grpc.Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return metadata;
}

export const WITH_KEY = { 'x-api-key': KEYS.calls };

export function call(
  client: grpc.Client & Loose,
  method: string,
  request: object,
  headers: Readonly<Record<string, string>> = WITH_KEY,
): Promise<Outcome> {
  return new Promise((resolve) => {
    client[method](request, metadataOf(headers), (error: grpc.ServiceError | null, response: Loose) =>
      resolve(error === null ? { response } : { failure: failureOf(error) }),
    );
  });
}

export function failureOf({ code, details, metadata }: grpc.ServiceError): Failure {
  const [status] = metadata.get('grpc-status-details-bin');
  return {
    status: grpc.status[code] as string,
    message: details,
    code: metadata.get('x-rapida-error')[0]?.toString(),
    detail: status === undefined ? undefined : detailOf(status as Buffer),
  };
}

/** google.rpc.Status, as google/rpc/status.proto has it; `Any` is spelled out because it is not opened here. */
const STATUS = fromJSON(
  {
    nested: {
      Status: {
        fields: {
          code: { id: 1, type: 'int32' },
          message: { id: 2, type: 'string' },
          details: { id: 3, type: 'Detail', rule: 'repeated' },
        },
      },
      Detail: { fields: { type_url: { id: 1, type: 'string' }, value: { id: 2, type: 'bytes' } } },
    },
  },
  OPTIONS,
);

function detailOf(bytes: Buffer): unknown {
  const { details } = decode(STATUS, 'Status', bytes);
  const { type_url, value } = details[0];
  return { type: type_url, ...decode(DEFINITIONS, 'Error', value) };
}

function decode(definitions: PackageDefinition, name: string, bytes: Buffer): Loose {
  return (definitions[name] as MessageTypeDefinition<object, object>).deserialize(bytes);
}

/** An `Any` as clients make them: `type` after `prefix`, with the bytes of the message. */
export function any(type: string, message: object, prefix = 'type.googleapis.com/'): object {
  const definition = DEFINITIONS[`google.protobuf.${type}`] ?? WRAPPERS[`google.protobuf.${type}`];
  const value = (definition as MessageTypeDefinition<object, object>).serialize(message);
  return { type_url: `${prefix}google.protobuf.${type}`, value };
}

/** Written as google/protobuf/wrappers.proto and struct.proto have them; the files of the project import only some. */
const WRAPPERS = loadSync(['google/protobuf/wrappers.proto', 'google/protobuf/struct.proto'], OPTIONS);

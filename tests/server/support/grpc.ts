import './exact-integers.js';
import { fileURLToPath } from 'node:url';
import * as grpc from '@grpc/grpc-js';
import { fromJSON, loadSync, type MessageTypeDefinition, type PackageDefinition } from '@grpc/proto-loader';

const PROTO = fileURLToPath(new URL('../../../packages/api/proto', import.meta.url));

/** As a foreign client reads them: the plain .proto files, by another implementation of Protocol Buffers. */
const OPTIONS = { keepCase: true, longs: String, enums: String, defaults: true, oneofs: true };
const DEFINITIONS: PackageDefinition = loadSync(['common.proto', 'talk-api.proto', 'grpc/health/v1/health.proto'], {
  ...OPTIONS,
  includeDirs: [PROTO],
});
/** As google/rpc/status.proto and google/protobuf/wrappers.proto have them; `Any` is spelled out, it is not opened here. */
const TYPES = fromJSON(
  {
    nested: {
      Status: { fields: { details: { id: 3, type: 'Detail', rule: 'repeated' } } },
      Detail: { fields: { type_url: { id: 1, type: 'string' }, value: { id: 2, type: 'bytes' } } },
      StringValue: { fields: { value: { id: 1, type: 'string' } } },
    },
  },
  OPTIONS,
);

// biome-ignore lint/suspicious/noExplicitAny: services and messages of a client that is made at run time
type Loose = any;

export interface GrpcOutcome {
  readonly response?: Loose;
  readonly failure?: GrpcFailure;
}

export interface GrpcFailure {
  /** Name of the status. */
  readonly status: string;
  readonly message: string;
  /** The trailer `x-rapida-error`. */
  readonly code: string | undefined;
  /** The message `Error` among the details of the status. */
  readonly detail: { readonly errorCode: string; readonly errorMessage: string; readonly humanMessage: string };
  /** All trailers as text. */
  readonly trailers: string;
}

export interface GrpcRequest {
  /** `package.Service/Method` */
  readonly method: string;
  readonly message: object;
  readonly headers: Readonly<Record<string, string>>;
}

/** One request on a connection of its own. */
export function askGrpc(
  { grpcPort }: { readonly grpcPort: number },
  { method, message, headers }: GrpcRequest,
): Promise<GrpcOutcome> {
  const [service = '', name = ''] = method.split('/');
  const Client = service
    .split('.')
    .reduce((found: Loose, part) => found[part], grpc.loadPackageDefinition(DEFINITIONS));
  const client = new Client(`127.0.0.1:${grpcPort}`, grpc.credentials.createInsecure());
  const metadata = new grpc.Metadata();
  for (const [key, value] of Object.entries(headers)) metadata.set(key, value);
  const options = { deadline: Date.now() + 10_000 };
  return new Promise((resolve) => {
    client[name](message, metadata, options, (error: grpc.ServiceError | null, response: Loose) => {
      client.close();
      resolve(error === null ? { response } : { failure: failureOf(error) });
    });
  });
}

function failureOf({ code, details, metadata }: grpc.ServiceError): GrpcFailure {
  const [status] = metadata.get('grpc-status-details-bin');
  return {
    status: grpc.status[code] as string,
    message: details,
    code: metadata.get('x-rapida-error')[0]?.toString(),
    detail: status === undefined ? undefined : detailOf(status as Buffer),
    trailers: Object.keys(metadata.getMap())
      .map((key) => `${key}: ${metadata.get(key).map(String).join(', ')}`)
      .join('\n'),
  };
}

function detailOf(bytes: Buffer): Loose {
  const [{ value }] = decode(TYPES, 'Status', bytes).details;
  return decode(DEFINITIONS, 'Error', value);
}

function decode(definitions: PackageDefinition, type: string, bytes: Buffer): Loose {
  return (definitions[type] as MessageTypeDefinition<object, object>).deserialize(bytes);
}

export interface GrpcOrder {
  readonly assistantId: string;
  readonly to: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Fields of `Any` by name. */
  readonly metadata?: Readonly<Record<string, object>>;
  readonly options?: Readonly<Record<string, object>>;
}

export function callPhoneOverGrpc(
  server: { readonly grpcPort: number },
  { assistantId, to, headers, metadata = {}, options = {} }: GrpcOrder,
): Promise<GrpcOutcome> {
  const message = { assistant: { assistantId, version: 'latest' }, toNumber: to, metadata, options };
  return askGrpc(server, { method: 'talk_api.TalkService/CreatePhoneCall', message, headers });
}

/** An `Any` as published clients make it, with this type URL before the name of the type. */
export function anyText(value: string, prefix = 'type.googleapis.com/'): object {
  const definition = TYPES.StringValue as MessageTypeDefinition<object, object>;
  return { type_url: `${prefix}google.protobuf.StringValue`, value: definition.serialize({ value }) };
}

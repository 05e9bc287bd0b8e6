import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import type * as grpcJs from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer, type MessageTypeDefinition } from '@grpc/proto-loader';
import { afterEach, describe, expect, it } from 'vitest';
import { createFakeUseCases } from '../testing/fake-use-cases.js';
import type { GrpcDependencies } from './grpc-server.js';
import {
  clientOf,
  createGrpcUnderTest,
  DEFINITIONS,
  failureOf,
  type GrpcUnderTest,
  type Loose,
} from './testing/grpc-under-test.js';

let grpc: GrpcUnderTest;
let client: Loose;
afterEach(async () => {
  client.close();
  // Streams that were answered before their end are closed a moment later.
  await grpc.clock.advance(1_000);
  await grpc.close();
});

async function start(version = 'v1', options: Partial<GrpcDependencies> = {}) {
  grpc = createGrpcUnderTest(createFakeUseCases(), options);
  const { port } = await grpc.listen({ host: 'localhost', port: 0 });
  client = clientOf(`grpc.reflection.${version}.ServerReflection`, port);
}

/** The answers to these questions in one stream, and the status it ended with. */
async function ask(...questions: object[]): Promise<{ answers: Loose[]; status: string }> {
  const stream = client.ServerReflectionInfo() as grpcJs.ClientDuplexStream<object, Loose>;
  const answers: Loose[] = [];
  stream.on('data', (answer) => answers.push(answer));
  const status = new Promise<string>((resolve) => {
    stream.on('error', (error) => resolve(failureOf(error as grpcJs.ServiceError).status));
    stream.on('end', () => resolve('OK'));
  });
  for (const question of questions) stream.write(question);
  stream.end();
  return { status: await status, answers };
}

const filesIn = (answer: Loose) =>
  answer.file_descriptor_response.file_descriptor_proto.map((bytes: Buffer) =>
    fromBinary(FileDescriptorProtoSchema, bytes),
  );
const namesIn = (answer: Loose) => filesIn(answer).map(({ name }: { name: string }) => name);

describe.each(['v1', 'v1alpha'])('reflection %s', (version) => {
  it('can be walked from the list of services to every message, with nothing else at hand', async () => {
    await start(version);
    const { answers, status } = await ask({ list_services: '*' });
    expect(status).toBe('OK');
    const services = answers[0].list_services_response.service.map(({ name }: { name: string }) => name);
    expect(services.toSorted()).toEqual([
      'grpc.health.v1.Health',
      'grpc.reflection.v1.ServerReflection',
      'grpc.reflection.v1alpha.ServerReflection',
      'talk_api.TalkService',
    ]);
    const described = await ask(...services.map((name: string) => ({ file_containing_symbol: name })));
    const files = new Map(described.answers.flatMap(filesIn).map((file) => [file.name, file]));
    // As grpcurl does: what a file imports and was not sent is asked for by its name.
    for (const { dependency } of files.values())
      for (const name of dependency) expect([...files.keys()]).toContain(name);
    const set = toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: [...files.values()] }));
    const definitions = loadFileDescriptorSetFromBuffer(Buffer.from(set));
    for (const service of services) {
      const methods = Object.keys(DEFINITIONS[service] as object);
      expect(Object.keys(definitions[service] as object), service).toEqual(methods);
    }
  });

  it('finds files by name, with everything they import', async () => {
    await start(version);
    const { answers } = await ask({ file_by_filename: 'common.proto' }, { file_by_filename: 'talk-api.proto' });
    expect(namesIn(answers[0])).toEqual([
      'common.proto',
      'google/protobuf/struct.proto',
      'google/protobuf/timestamp.proto',
    ]);
    expect(namesIn(answers[1])).toContain('google/protobuf/any.proto');
  });

  it.each([
    ['talk_api.TalkService.CreatePhoneCall', 'talk-api.proto'],
    ['talk_api.CreatePhoneCallRequest', 'talk-api.proto'],
    ['AssistantConversation', 'common.proto'],
    ['Source', 'common.proto'],
    ['google.protobuf.Any', 'google/protobuf/any.proto'],
    ['grpc.health.v1.HealthCheckResponse.ServingStatus', 'grpc/health/v1/health.proto'],
  ])('finds the file of %s', async (symbol, file) => {
    await start(version);
    const { answers } = await ask({ host: 'here', file_containing_symbol: symbol });
    expect(namesIn(answers[0])[0]).toBe(file);
    expect(answers[0]).toMatchObject({ valid_host: 'here', original_request: { file_containing_symbol: symbol } });
  });

  it('answers what it does not have with an error, and goes on', async () => {
    await start(version);
    const { answers, status } = await ask(
      { file_by_filename: 'nowhere.proto' },
      { file_containing_symbol: 'talk_api.Nothing' },
      { file_containing_extension: { containing_type: 'Error', extension_number: 1 } },
      { all_extension_numbers_of_type: 'Nothing' },
      {},
      { all_extension_numbers_of_type: 'Error' },
    );
    expect(status).toBe('OK');
    expect(answers.slice(0, 5).map(({ error_response }) => error_response.error_code)).toEqual([5, 5, 5, 5, 3]);
    expect(answers[5].all_extension_numbers_response).toEqual({ base_type_name: 'Error', extension_number: [] });
  });
});

describe('a reflection stream', () => {
  it('ends after as many questions as it may have', async () => {
    await start('v1', { limits: { reflectionRequestsMax: 3 } });
    const { answers, status } = await ask(...Array.from({ length: 5 }, () => ({ list_services: '' })));
    expect(status).toBe('INVALID_ARGUMENT');
    expect(answers).toHaveLength(3);
  });

  it('ends when nothing more is asked in time', async () => {
    await start('v1', { limits: { requestMsMax: 1_000 } });
    const stream = client.ServerReflectionInfo();
    const answered = new Promise((resolve) => stream.once('data', resolve));
    const failed = new Promise<grpcJs.ServiceError>((resolve) => stream.once('error', resolve));
    stream.write({ list_services: '' });
    await answered;
    await grpc.clock.advance(1_000);
    expect(failureOf(await failed)).toMatchObject({ status: 'INVALID_ARGUMENT', code: 'invalid_request' });
  });
});

describe('the generated code', () => {
  it('has the names, numbers, types and labels of the .proto files', async () => {
    await start();
    const symbols = [
      'talk_api.TalkService',
      'grpc.health.v1.Health',
      'grpc.reflection.v1.ServerReflection',
      'grpc.reflection.v1alpha.ServerReflection',
    ];
    const { answers } = await ask(...symbols.map((name) => ({ file_containing_symbol: name })));
    const files = new Map<string, Loose>(answers.flatMap(filesIn).map((file) => [file.name, file]));
    const ours = new Map<string, unknown>();
    for (const file of files.values()) {
      const prefix = file.package === '' ? '' : `${file.package}.`;
      for (const message of file.messageType) {
        ours.set(
          `${prefix}${message.name}`,
          message.field.map(({ name, number, label, type }: Loose) => ({ name, number, label, type })),
        );
      }
    }
    const LABELS: Loose = { LABEL_OPTIONAL: 1, LABEL_REQUIRED: 2, LABEL_REPEATED: 3 };
    const TYPES = [
      '',
      'DOUBLE',
      'FLOAT',
      'INT64',
      'UINT64',
      'INT32',
      'FIXED64',
      'FIXED32',
      'BOOL',
      'STRING',
      'GROUP',
      'MESSAGE',
      'BYTES',
      'UINT32',
      'ENUM',
    ];
    let compared = 0;
    for (const [name, definition] of Object.entries(DEFINITIONS)) {
      const { format, type } = definition as MessageTypeDefinition<object, object>;
      if (format !== 'Protocol Buffer 3 DescriptorProto' || name.startsWith('google.') || !ours.has(name)) continue;
      const fields = (type as Loose).field.map((field: Loose) => ({
        ...{ name: field.name, number: field.number, label: LABELS[field.label] },
        type: TYPES.indexOf(field.type.replace('TYPE_', '')),
      }));
      expect(ours.get(name), name).toEqual(fields);
      compared++;
    }
    // Every message of the five files: 15 of common, 8 of talk-api, 2 of health, 8 of each reflection.
    expect(compared).toBe(41);
  });
});

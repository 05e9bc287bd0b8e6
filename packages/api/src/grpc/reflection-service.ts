import { type DescFile, toBinary } from '@bufbuild/protobuf';
import { nestedTypes } from '@bufbuild/protobuf/reflect';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { Code, type ServiceImpl } from '@connectrpc/connect';
import { RapidaError } from '@rapida/core';
import type { ServerReflection, ServerReflectionRequest } from '../../proto/gen/grpc/reflection/v1/reflection_pb.js';
import type {
  ServerReflection as ServerReflectionAlpha,
  ServerReflectionRequest as ServerReflectionRequestAlpha,
} from '../../proto/gen/grpc/reflection/v1alpha/reflection_pb.js';

type Question = (ServerReflectionRequest | ServerReflectionRequestAlpha)['messageRequest'];

/** Both versions of the protocol have the same messages under two names. */
export type ReflectionService = ServiceImpl<typeof ServerReflection> & ServiceImpl<typeof ServerReflectionAlpha>;

/** Describes the services of `files`. A stream ends with an error after `requestsMax` questions. */
export function createReflectionService(files: readonly DescFile[], requestsMax: number): ReflectionService {
  const answer = createAnswers(files);
  async function* serverReflectionInfo<R extends ServerReflectionRequest | ServerReflectionRequestAlpha>(
    requests: AsyncIterable<R>,
  ) {
    let count = 0;
    for await (const request of requests) {
      if (++count > requestsMax) throw new RapidaError('invalid_request', 'Too many questions in one stream.');
      yield { validHost: request.host, originalRequest: request, messageResponse: answer(request.messageRequest) };
    }
  }
  return { serverReflectionInfo } as ReflectionService;
}

function createAnswers(files: readonly DescFile[]) {
  const all = withDependencies(files);
  const byName = new Map(all.map((file) => [file.proto.name, file]));
  const bySymbol = new Map(all.flatMap((file) => symbolsOf(file).map((symbol) => [symbol, file] as const)));
  const services = files.flatMap((file) => file.services.map(({ typeName }) => ({ name: typeName })));

  function describe(file: DescFile | undefined, wanted: string) {
    if (file === undefined) return notFound(wanted);
    const fileDescriptorProto = withDependencies([file]).map(({ proto }) => toBinary(FileDescriptorProtoSchema, proto));
    return { case: 'fileDescriptorResponse' as const, value: { fileDescriptorProto } };
  }

  return (question: Question) => {
    switch (question.case) {
      case 'listServices':
        return { case: 'listServicesResponse' as const, value: { service: services } };
      case 'fileByFilename':
        return describe(byName.get(question.value), question.value);
      case 'fileContainingSymbol':
        return describe(bySymbol.get(question.value), question.value);
      case 'allExtensionNumbersOfType':
        if (!bySymbol.has(question.value)) return notFound(question.value);
        return { case: 'allExtensionNumbersResponse' as const, value: { baseTypeName: question.value } };
      case 'fileContainingExtension':
        return notFound(`extension of ${question.value.containingType}`);
      case undefined:
        return failure(Code.InvalidArgument, 'The request asks for nothing.');
    }
  };
}

function notFound(what: string) {
  return failure(Code.NotFound, `There is no ${what} here.`);
}

function failure(errorCode: Code, errorMessage: string) {
  return { case: 'errorResponse' as const, value: { errorCode, errorMessage } };
}

/** Every file once, what it imports after it. */
function withDependencies(files: readonly DescFile[]): DescFile[] {
  const found = new Map<string, DescFile>();
  const visit = (file: DescFile): void => {
    if (found.has(file.name)) return;
    found.set(file.name, file);
    file.dependencies.forEach(visit);
  };
  files.forEach(visit);
  return [...found.values()];
}

/** Full names of messages, enums, services and methods. */
function symbolsOf(file: DescFile): string[] {
  return [...nestedTypes(file)].flatMap((type) =>
    type.kind === 'service'
      ? [type.typeName, ...type.methods.map(({ name }) => `${type.typeName}.${name}`)]
      : [type.typeName],
  );
}

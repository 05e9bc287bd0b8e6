import { type DescMessage, fromBinary, type MessageShape, toJson } from '@bufbuild/protobuf';
import {
  type Any,
  BoolValueSchema,
  BytesValueSchema,
  DoubleValueSchema,
  FloatValueSchema,
  Int32ValueSchema,
  Int64ValueSchema,
  ListValueSchema,
  StringValueSchema,
  StructSchema,
  UInt32ValueSchema,
  UInt64ValueSchema,
  ValueSchema,
} from '@bufbuild/protobuf/wkt';
import { type Json, RapidaError } from '@rapida/core';

type Decode = (bytes: Uint8Array) => Json;

function by<D extends DescMessage>(schema: D, toValue: (message: MessageShape<D>) => Json): [string, Decode] {
  return [schema.typeName, (bytes) => toValue(fromBinary(schema, bytes))];
}

const DECODERS: ReadonlyMap<string, Decode> = new Map([
  by(StringValueSchema, ({ value }) => parseObject(value)),
  by(DoubleValueSchema, ({ value }) => finite(value)),
  by(FloatValueSchema, ({ value }) => finite(value)),
  by(Int32ValueSchema, ({ value }) => value),
  by(UInt32ValueSchema, ({ value }) => value),
  by(Int64ValueSchema, ({ value }) => exact(value)),
  by(UInt64ValueSchema, ({ value }) => exact(value)),
  by(BoolValueSchema, ({ value }) => value),
  by(BytesValueSchema, ({ value }) => Buffer.from(value).toString('base64')),
  by(ValueSchema, (message) => toJson(ValueSchema, message)),
  by(StructSchema, (message) => toJson(StructSchema, message)),
  by(ListValueSchema, (message) => toJson(ListValueSchema, message)),
]);

/**
 * The values of a map of `Any`: numbers, texts, truth values; bytes as base64; 64-bit integers that a number cannot hold as
 * decimal text. `where` begins the message of the `invalid_request` error for a value that cannot be read.
 */
export function decodeValues(values: Readonly<Record<string, Any>>, where: string): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, decodeValue(value, `${where}.${key}`)] as const),
  );
}

function decodeValue({ typeUrl, value }: Any, where: string): Json {
  // Published clients put the prefix of the type URL before a name that has it already.
  const typeName = typeUrl.slice(typeUrl.lastIndexOf('/') + 1);
  const decode = DECODERS.get(typeName);
  if (decode === undefined) {
    throw new RapidaError('invalid_request', `${where}: values of type "${typeName}" are not read here.`);
  }
  try {
    return decode(value);
  } catch (cause) {
    throw new RapidaError('invalid_request', `${where}: is no ${typeName}.`, { cause });
  }
}

/** A JSON object is sent as its text; every other text is meant as it stands. */
function parseObject(text: string): Json {
  if (!text.trimStart().startsWith('{')) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new Error('not a number that JSON has');
  return value;
}

function exact(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

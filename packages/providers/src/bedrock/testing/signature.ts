import { createHash, createHmac } from 'node:crypto';
import type { FakeHttpRequest } from '../../wire/testing/fake-http.js';

const HEADER =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/bedrock\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;

/** Whether a request is signed as https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html says. */
export function isSigned({ method, target, headers, text }: FakeHttpRequest, key: SigningKey): boolean {
  const [, id, day = '', region, names = '', signature] = HEADER.exec(headers.authorization ?? '') ?? [];
  const time = String(headers['x-amz-date']);
  if (id !== key.accessKeyId || region !== key.region || !time.startsWith(day)) return false;
  if (!names.split(';').includes('host') || !names.split(';').includes('x-amz-date')) return false;
  const [rawPath = '', query = ''] = target.split('?');
  const canonical = [
    method,
    // Every service but S3 encodes the path once more.
    rawPath.split('/').map(encoded).join('/'),
    query,
    ...names.split(';').map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    names,
    sha256(text),
  ].join('\n');
  const scope = `${day}/${region}/bedrock/aws4_request`;
  const secret = [day, region, 'bedrock', 'aws4_request'].reduce<Buffer>(
    (signing, part) => hmac(signing, part ?? ''),
    Buffer.from(`AWS4${key.secretAccessKey}`),
  );
  return hmac(secret, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).toString('hex') === signature;
}

export interface SigningKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const encoded = (part: string) =>
  encodeURIComponent(part).replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);

import type { Clock } from '@rapida/core';
import { AwsV4Signer } from 'aws4fetch';
import type { VendorParts } from '../vendor.js';
import { createVendorHttp, type RequestToSign, VENDOR_TIMEOUTS, type VendorHttp } from '../wire/vendor-http.js';
import { codeOf } from './errors.js';

/** `bedrock-runtime` answers, `bedrock` has the list of models. */
type Endpoint = 'bedrock-runtime' | 'bedrock';

type BedrockParts = VendorParts<'bedrock'>;

export function serverOf(parts: BedrockParts, endpoint: Endpoint): VendorHttp {
  const { clock, logger, credential, timeouts } = parts;
  return createVendorHttp({
    ...{ clock, logger, codeOf },
    baseUrl: credential.baseUrl ?? addressOf(endpoint, credential.region),
    apiKey: credential.secretAccessKey,
    authorise: (headers, request) => sign(headers, request, credential, clock),
    fetch: parts.fetch ?? fetch,
    timeouts: { ...VENDOR_TIMEOUTS, ...timeouts },
  });
}

/** https://docs.aws.amazon.com/general/latest/gr/bedrock.html; the regions of China have a domain of their own. */
function addressOf(endpoint: Endpoint, region: string): string {
  return `https://${endpoint}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

/** Signature Version 4. The SDK could sign, but then it would hold the secret. */
async function sign(
  headers: Headers,
  { method, url, text }: RequestToSign,
  { region, accessKeyId, secretAccessKey }: BedrockParts['credential'],
  clock: Clock,
): Promise<void> {
  const signer = new AwsV4Signer({
    ...{ method, url, region, accessKeyId, service: 'bedrock' },
    ...(text !== undefined && { body: text }),
    secretAccessKey: secretAccessKey.reveal(),
    datetime: new Date(clock.wallMs()).toISOString().replaceAll(/[:-]|\.\d{3}/g, ''),
  });
  for (const [name, value] of (await signer.sign()).headers) headers.set(name, value);
}

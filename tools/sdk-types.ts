import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createApi } from '@rapida/api';
import { type Logger, systemClock } from '@rapida/core';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';

/** The types of the SDK, written from the API's own description: `npm run sdk`. A test holds them to it. */
export const SDK_TYPES = fileURLToPath(new URL('../packages/client/src/generated/openapi.ts', import.meta.url));

const HEAD = '// Written by `npm run sdk` from /openapi.json; do not edit.\n\n';

export async function sdkTypes(): Promise<string> {
  const description = await describeApi();
  // What has a default may be left out by who sends it; the description says for each direction what is required.
  return HEAD + astToString(await openapiTS(description, { defaultNonNullable: false }));
}

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

const notCalled = (): never => {
  throw new Error('described, not called');
};

/** What a running server serves, without one: routes are described, none is called. */
async function describeApi(): Promise<OpenAPI3> {
  const api = createApi({
    useCases: {} as never,
    openMedia: notCalled,
    openBrowserMedia: notCalled,
    dialplan: { releases: [], write: notCalled },
    logger: silent,
    telemetry: { count() {}, gauge() {}, observe() {} },
    clock: systemClock,
    requestId: () => '',
    metricsText: async () => '',
  });
  try {
    return (await api.fastify.inject('/openapi.json')).json<OpenAPI3>();
  } finally {
    await api.close();
  }
}

if (process.argv.includes('--write')) {
  writeFileSync(SDK_TYPES, await sdkTypes());
}

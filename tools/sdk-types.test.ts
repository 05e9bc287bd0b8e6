import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SDK_TYPES, sdkTypes } from './sdk-types.js';

it('the types of the SDK say what the description of the API says, no more and no less: npm run sdk', async () => {
  expect(readFileSync(SDK_TYPES, 'utf8')).toBe(await sdkTypes());
});

import type { Assistant } from '@rapida/client';
import { expect, it } from 'vitest';
import { usersOf } from './credential-users.js';

const assistant = (parts: object) => ({ id: '1', name: 'Front desk', ...parts }) as unknown as Assistant;

it('finds a credential in engines, in what takes over for them, in tools and in the phone deployment', () => {
  const uses = assistant({
    llm: { provider: 'openai', credentialId: '7' },
    fallback: { llm: [{ provider: 'groq', credentialId: '8' }] },
    tools: { http: [{ name: 'a', credentialId: '7' }] },
    phoneDeployment: { credentialId: '7' },
  });
  expect(usersOf('7', [uses])).toEqual([
    {
      ...{ id: '1', name: 'Front desk' },
      places: ['llm.credentialId', 'tools.http.0.credentialId', 'phoneDeployment.credentialId'],
    },
  ]);
});

it('does not take another number for it', () => {
  expect(usersOf('7', [assistant({ variables: { company: '7' }, llm: { credentialId: '77' } })])).toEqual([]);
});

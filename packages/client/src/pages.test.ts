import { VirtualClock } from '@rapida/core/testing';
import { expect, it } from 'vitest';
import { clientOf, createFakeServer, type Step } from './testing/fake-server.js';

const page = (nextCursor: string | null, ...ids: string[]): Step => ({
  body: { data: ids.map((id) => ({ id })), nextCursor },
});

function listing(...steps: readonly Step[]) {
  const server = createFakeServer(...steps);
  return { server, client: clientOf(server, new VirtualClock()) };
}

it('gives a page as it is', async () => {
  const { server, client } = listing(page('next', '2', '1'));
  expect(await client.calls.list({ state: 'busy', limit: 2 })).toEqual({
    data: [{ id: '2' }, { id: '1' }],
    nextCursor: 'next',
  });
  expect(server.asked[0]?.path).toBe('/v1/calls?state=busy&limit=2');
});

it('goes through a list to its end, page by page', async () => {
  const { server, client } = listing(page('a/b', '3', '2'), page(null, '1'));
  const ids: string[] = [];
  for await (const { id } of client.calls.each({ direction: 'outbound' })) ids.push(id);
  expect(ids).toEqual(['3', '2', '1']);
  expect(server.asked.map(({ path }) => path)).toEqual([
    '/v1/calls?limit=200&direction=outbound',
    '/v1/calls?limit=200&direction=outbound&cursor=a%2Fb',
  ]);
});

it('asks for no page that nobody wants', async () => {
  const { server, client } = listing(page('more', '2', '1'));
  for await (const _one of client.webhooks.each()) break;
  expect(server.asked).toHaveLength(1);
});

it('gives up a list that goes in circles', async () => {
  const { server, client } = listing(page('again', '1'));
  const all = async () => {
    for await (const _one of client.assistants.each());
  };
  await expect(all()).rejects.toMatchObject({ code: 'answer_invalid' });
  expect(server.asked).toHaveLength(2);
});

import { afterEach, describe, expect, it } from 'vitest';
import { type AsteriskUnderTest, type Deployment, startAsterisk } from '../testing/asterisk-under-test.js';

let asterisk: AsteriskUnderTest;

afterEach(async () => {
  expect(await asterisk.close()).toEqual({ timers: 0, errors: [] });
});

/** What the conversation of a call is made with. */
async function conversationOf(deployment: Deployment, order = {}) {
  asterisk = await startAsterisk({
    config: { greeting: 'Hello from the assistant', variables: { firm: 'ACME', name: 'nobody' } },
    deployment,
  });
  const placed = await asterisk.place('+15557654321', order);
  await asterisk.pass(500);
  return (await asterisk.talk(placed)).conversation.options;
}

describe('a phone deployment', () => {
  it('leaves the greeting and the limit of the assistant where it says nothing', async () => {
    const { config, greeting } = await conversationOf({});
    expect(config.greeting).toBe('Hello from the assistant');
    expect(greeting?.text).toBe('Hello from the assistant');
    expect(config.limits.callMs).toBe(asterisk.harness.assistant.config.limits.callMs);
  });

  it('has its own greeting spoken, with the values of the order before those of the assistant', async () => {
    const deployment = { greeting: 'Hi {{name}} of {{firm}}, {{caller}}{{nothing}}!' };
    const order = { metadata: { name: 'meta' }, args: { name: 'Ann' } };
    const { config, greeting, variables } = await conversationOf(deployment, order);
    expect(config.greeting).toBe('Hi Ann of ACME, +15557654321!');
    expect(greeting?.text).toBe('Hi Ann of ACME, +15557654321!');
    expect(variables).toMatchObject({ name: 'Ann', firm: 'ACME', caller: '+15557654321' });
    expect(asterisk.harness.providers.voice.spoken).not.toContain('Hello from the assistant');
  });

  it('may be silent where the assistant greets', async () => {
    const { config } = await conversationOf({ greeting: '' });
    expect(config.greeting).toBe('');
  });

  it.each([
    [10_000, 10_000],
    [20 * 3_600_000, undefined],
  ])('shortens calls to %i ms, and makes none longer', async (callMs, expected) => {
    const { config } = await conversationOf({ limits: { callMs } });
    expect(config.limits.callMs).toBe(expected ?? asterisk.harness.assistant.config.limits.callMs);
  });
});

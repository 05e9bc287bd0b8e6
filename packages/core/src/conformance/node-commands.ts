import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallCommand, CommandAnswer, CommandHandler, NodeCommands } from '../node-commands.js';

export interface NodesUnderTest {
  /** Two nodes of one installation. */
  readonly here: NodeCommands;
  readonly there: NodeCommands;
  /** As after a `kill -9`: it does and says nothing any more. */
  killThere(): Promise<void>;
  close(): Promise<void>;
}

const CALL = '18446744073709551615';
const OTHER = '2';
const TIMEOUT_MS = 5_000;
const SAY: CallCommand = { type: 'say', text: 'Zwei Minuten noch 👋 "gleich"\n' };
const COMMANDS: readonly CallCommand[] = [
  SAY,
  { type: 'hangup', reason: 'hangup_requested' },
  { type: 'transfer', target: 'sales,100,1' },
  { type: 'listen' },
];

/** The promises of {@link NodeCommands}. */
export function nodeCommandsConformance(name: string, make: () => Promise<NodesUnderTest>): void {
  describe(`${name} as NodeCommands`, () => {
    let test: NodesUnderTest;
    let carriedOut: unknown[];
    beforeEach(async () => {
      test = await make();
      carriedOut = [];
      test.here.handle(handler('here'));
      test.there.handle(handler('there'));
    });
    afterEach(() => test.close());

    const handler =
      (node: string): CommandHandler =>
      (callId, command) => {
        carriedOut.push([node, callId, command]);
        return true;
      };
    const send = (command: CallCommand = SAY): Promise<CommandAnswer> => test.here.send(CALL, command, TIMEOUT_MS);
    /** What was held is known elsewhere a moment later: nobody waits for that. */
    const eventually = (answer: CommandAnswer): Promise<void> =>
      vi.waitFor(async () => expect(await send()).toBe(answer), { timeout: 5_000, interval: 10 });

    it('knows of a call that nobody holds', async () => {
      test.there.hold(OTHER);
      expect(await send()).toBe('not_here');
      expect(carriedOut).toEqual([]);
    });

    it('asks who holds the call, wherever that is, and gives it the command field for field', async () => {
      test.there.hold(CALL);
      await eventually('done');
      carriedOut = [];
      for (const command of COMMANDS) expect(await send(command)).toBe('done');
      for (const command of COMMANDS) expect(await test.there.send(CALL, command, TIMEOUT_MS)).toBe('done');
      const expected = COMMANDS.map((command) => ['there', CALL, command]);
      expect(carriedOut).toEqual([...expected, ...expected]);
    });

    it('asks a call that is held here at once, here', async () => {
      test.here.hold(CALL);
      expect(await send()).toBe('done');
      expect(carriedOut).toEqual([['here', CALL, SAY]]);
    });

    it('tells that it was refused, also where carrying it out went wrong, or nobody is there to do it', async () => {
      test.there.hold(CALL);
      await eventually('done');
      test.there.handle(() => false);
      expect(await send()).toBe('refused');
      test.there.handle(() => {
        throw new Error('broken');
      });
      expect(await send()).toBe('refused');
    });

    it('carries out many at once, each with its own answer', async () => {
      test.there.hold(CALL);
      await eventually('done');
      test.there.handle((_, command) => command.type === 'say' && Number(command.text) % 2 === 0);
      const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => send({ type: 'say', text: String(n) })));
      expect(answers).toEqual(Array.from({ length: 50 }, (_, n) => (n % 2 === 0 ? 'done' : 'refused')));
    });

    it('holds a call until everything that holds it is over', async () => {
      const [leg, session] = [test.there.hold(CALL), test.there.hold(CALL)];
      await eventually('done');
      leg();
      leg();
      expect(await send()).toBe('done');
      session();
      await eventually('not_here');
      test.there.hold(CALL);
      await eventually('done');
    });

    it('finds the one of two holders that can do it', async () => {
      test.here.hold(CALL);
      test.there.hold(CALL);
      test.here.handle(() => false);
      await eventually('done');
      expect(carriedOut.at(-1)).toEqual(['there', CALL, SAY]);
    });

    it('tells that the node is gone which held the call, and still asks what is held here', async () => {
      test.there.hold(CALL);
      await eventually('done');
      await test.killThere();
      expect(await send()).toBe('node_gone');
      test.here.hold(OTHER);
      expect(await test.here.send(OTHER, SAY, TIMEOUT_MS)).toBe('done');
    });
  });
}

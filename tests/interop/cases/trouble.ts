import { systemClock } from '@rapida/core';
import { GREETING, makeAssistant } from '../assistant.js';
import { configurationFor, describeLine, type Line, type Target, targetOf } from '../dialplan.js';
import { ms, seconds } from '../figures.js';
import type { Lab } from '../lab.js';
import { startRelay } from '../relay.js';
import { nothingIsLeft, TestCall } from '../test-call.js';
import { assert } from '../wait.js';
import type { Case } from './case.js';

/** Longest that a caller may hear nothing before the dialplan gives up. */
const SILENCE_MS_MAX = 20_000;
const APOLOGY_MS_MIN = 1_000;

interface Trouble {
  readonly what: string;
  /** What the dialplan is told to use. */
  readonly prepare: (lab: Lab, healthy: Target, stop: { kill(): Promise<void>; freeze(): void }) => Promise<Target>;
}

const TROUBLES: readonly Trouble[] = [
  {
    what: 'a key that is refused',
    prepare: async (_lab, healthy) => ({ ...healthy, apiKey: 'rpd-unknown' }),
  },
  {
    what: 'an assistant that does not exist',
    prepare: async (_lab, healthy) => ({ ...healthy, assistantId: '1' }),
  },
  {
    what: 'a context that is refused',
    async prepare(lab, healthy) {
      const relay = await startRelay(healthy.httpPort, 'invents-contexts');
      lab.stopLater(() => relay.close());
      return { ...healthy, httpPort: relay.port };
    },
  },
  {
    what: 'a server that is dead',
    async prepare(_lab, healthy, server) {
      await server.kill();
      return healthy;
    },
  },
  {
    what: 'a server that hangs',
    async prepare(_lab, healthy, server) {
      server.freeze();
      return healthy;
    },
  },
  {
    what: 'media that cannot be connected',
    async prepare(lab, healthy) {
      const relay = await startRelay(healthy.httpPort, 'drops-upgrades');
      lab.stopLater(() => relay.close());
      // Port 9 (discard): nothing listens there.
      return { ...healthy, httpPort: relay.port, audiosocketPort: 9 };
    },
  },
];

/** What goes wrong takes the error branch: the caller hears an apology that exists, and is hung up. */
export function troubles(line: Line): Case[] {
  return TROUBLES.map(({ what, prepare }) => ({
    name: `${describeLine(line)}: ${what} takes the error branch`,
    async run(lab: Lab) {
      const server = await lab.server();
      const healthy = targetOf(server, await makeAssistant(server));
      const target = await prepare(lab, healthy, server);
      const { asterisk, phone } = await lab.exchange(configurationFor(line, [target]));
      const call = await TestCall.dial({ server, asterisk, phone, voice: lab.voice, codec: 'PCMU' });
      await call.ended(SILENCE_MS_MAX + 10_000);
      const { heard } = call.sip.rtp;
      const voiced = heard.filter((packet) => packet.voiced);
      const played = /Playing '([^']+)'/.exec(asterisk.log())?.[1];
      assert(
        played !== undefined && voiced.length * 20 >= APOLOGY_MS_MIN,
        `no apology: ${voiced.length * 20} ms of sound`,
      );
      const waitedMs = (voiced[0]?.atMs ?? 0) - call.answeredMs;
      assert(waitedMs <= SILENCE_MS_MAX, `the caller waited ${seconds(waitedMs)} in silence`);
      await asterisk.isIdle();
      lab.measured('apology', `${played} after ${ms(waitedMs)}, then hung up`);
    },
  }));
}

/** A server that is killed in a call: the caller is not left in silence. */
export function serverDies(line: Line): Case {
  return {
    name: `${describeLine(line)}: a server that is killed in a call frees the caller`,
    async run(lab: Lab) {
      const { server, asterisk, dial } = await lab.line(line);
      const call = await dial();
      await call.listenFor(GREETING, call.answeredMs);
      const killedMs = systemClock.nowMs();
      await server.kill();
      const end = await call.ended(SILENCE_MS_MAX);
      await asterisk.isIdle();
      lab.measured('caller is free', `hung up ${ms(end.atMs - killedMs)} after the server died`);
    },
  };
}

/** With two servers the second takes the call when the first is down. */
export function failover(line: Line): Case {
  return {
    name: `${describeLine(line)}: the second server is used when the first is down`,
    async run(lab: Lab) {
      const first = await lab.server();
      const assistantId = await makeAssistant(first);
      const second = await lab.server({ copyOf: first });
      const targets = [targetOf(first, assistantId), targetOf(second, assistantId)];
      const { asterisk, phone } = await lab.exchange(configurationFor(line, targets));
      const dial = (server: typeof first) =>
        TestCall.dial({ server, asterisk, phone, voice: lab.voice, codec: 'PCMU' });
      const before = await dial(first);
      await before.listenFor(GREETING, before.answeredMs);
      before.sip.hangup();
      await before.leavesNothing();
      await first.kill();
      const after = await dial(second);
      const greeting = await after.listenFor(GREETING, after.answeredMs);
      after.sip.hangup();
      await after.leavesNothing();
      await nothingIsLeft(second, asterisk);
      lab.measured('second server', `greeting heard ${ms(greeting.afterMs)} after the answer`);
    },
  };
}

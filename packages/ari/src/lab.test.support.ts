import { createAriClient } from './client.js';
import type { AriClient } from './client-types.js';
import { type AriEvents, connectAriEvents } from './event-stream.js';
import type { AriEventsListener } from './event-stream-types.js';
import type { AriEvent } from './events.js';
import { HandClock } from './hand-clock.test.support.js';
import { createFakeAri, type FakeAri, type FakeAriOptions } from './testing/index.js';

export const USER = 'rapida';
export const PASSWORD = 'se:cret pass/word';

/** Lines in order, and a way to wait for one without looking at a clock. */
export class EventLog {
  readonly lines: string[] = [];
  #waiting: Array<{ line: string; times: number; resolve: () => void }> = [];

  push(line: string): void {
    this.lines.push(line);
    this.#waiting = this.#waiting.filter((waiter) => {
      if (this.count(waiter.line) < waiter.times) return true;
      waiter.resolve();
      return false;
    });
  }

  count(line: string): number {
    return this.lines.filter((each) => each === line).length;
  }

  seen(line: string, times = 1): Promise<void> {
    if (this.count(line) >= times) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ line, times, resolve }));
  }
}

/** An event in a line: its type, the channel's id, and what is special about it. */
export function eventLine(event: AriEvent): string {
  switch (event.type) {
    case 'StasisStart':
      return `StasisStart ${event.channel.id} [${event.args.join('|')}]`;
    case 'ChannelStateChange':
      return `ChannelStateChange ${event.channel.id} ${event.channel.state}`;
    case 'ChannelDestroyed':
      return `ChannelDestroyed ${event.channel.id} ${event.cause} ${event.causeText} ${event.techCause ?? '-'}`;
    case 'ChannelDtmfReceived':
      return `ChannelDtmfReceived ${event.channel.id} ${event.digit}`;
    case 'Dial':
      return `Dial ${event.peer.id} '${event.dialstatus}'`;
    case 'ChannelEnteredBridge':
    case 'ChannelLeftBridge':
      return `${event.type} ${event.channel.id} ${event.bridgeId}`;
    case 'BridgeDestroyed':
      return `BridgeDestroyed ${event.bridgeId}`;
    case 'ApplicationReplaced':
      return `ApplicationReplaced ${event.application}`;
    default:
      return `${event.type} ${event.channel.id}`;
  }
}

export function loggingListener(log: EventLog): AriEventsListener {
  return {
    onEvent: (event) => log.push(eventLine(event)),
    onUp: ({ gap }) => log.push(gap ? 'up after a gap' : 'up'),
    onDown: (failure) => log.push(`down ${failure.kind}`),
  };
}

export interface Lab {
  readonly clock: HandClock;
  readonly fake: FakeAri;
  readonly client: AriClient;
  /** Follows an application and waits until it is up. */
  follow(app: string, onEvent?: (event: AriEvent) => void): Promise<{ log: EventLog; events: AriEvents }>;
  close(): Promise<void>;
}

/** The fake and a client of it. */
export async function startLab(options: Partial<FakeAriOptions> = {}): Promise<Lab> {
  const clock = new HandClock();
  const fake = await createFakeAri({ clock, user: USER, password: PASSWORD, ...options });
  const access = { url: fake.url, user: USER, password: () => PASSWORD };
  const streams: AriEvents[] = [];
  return {
    clock,
    fake,
    client: createAriClient({ access, clock }),
    async follow(app, onEvent) {
      const log = new EventLog();
      const logging = loggingListener(log);
      const listener: AriEventsListener = {
        ...logging,
        onEvent(event) {
          onEvent?.(event);
          logging.onEvent(event);
        },
      };
      const events = connectAriEvents({ access, app, clock, listener, random: () => 1 });
      streams.push(events);
      await log.seen('up');
      return { log, events };
    },
    async close() {
      await Promise.all(streams.map((stream) => stream.close()));
      await fake.close();
    },
  };
}

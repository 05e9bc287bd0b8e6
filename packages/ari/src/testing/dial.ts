import type { Channel, Exchange } from './exchange.js';
import type { PhoneBehaviour } from './fake-types.js';

export interface DialTarget {
  /** The configured endpoint it goes through, `TECH/name`. */
  readonly endpoint: string;
  readonly number: string;
  /** What follows `TECH/`. */
  readonly dialstring: string;
}

/** Undefined for what Asterisk answers with `Allocation failed`. `endpoint` has a `/` in it. */
export function dialTarget(endpoint: string, endpoints: ReadonlySet<string>): DialTarget | undefined {
  const slash = endpoint.indexOf('/');
  const technology = endpoint.slice(0, slash);
  const dialstring = endpoint.slice(slash + 1);
  const split = technology === 'PJSIP' ? pjsip(dialstring) : trunkFirst(dialstring);
  const configured = `${technology}/${split?.trunk}`;
  if (split === undefined || !endpoints.has(configured)) return undefined;
  return { endpoint: configured, number: split.number, dialstring };
}

interface Split {
  readonly trunk: string;
  readonly number: string;
}

/** `number@trunk`, `trunk/sip:number@host`, or the name of an endpoint alone. `trunk/number` is no valid target. */
function pjsip(dialstring: string): Split | undefined {
  const uri = /^([^/@]+)\/sips?:([^/@]+)@[^/@]+$/.exec(dialstring);
  if (uri !== null) return { trunk: uri[1] ?? '', number: uri[2] ?? '' };
  if (dialstring.includes('/')) return undefined;
  const at = dialstring.indexOf('@');
  if (at < 0) return { trunk: dialstring, number: dialstring };
  return { trunk: dialstring.slice(at + 1), number: dialstring.slice(0, at) };
}

/** `trunk/number`, or the name of an endpoint alone. */
function trunkFirst(dialstring: string): Split {
  const slash = dialstring.indexOf('/');
  if (slash < 0) return { trunk: dialstring, number: dialstring };
  return { trunk: dialstring.slice(0, slash), number: dialstring.slice(slash + 1) };
}

export interface Dialling {
  readonly channel: Channel;
  readonly target: DialTarget;
  readonly behaviour: PhoneBehaviour;
  /** -1: rings for ever. */
  readonly timeoutSeconds: number;
  /** Where the channel goes when answered. */
  readonly answered: () => void;
}

// As the SIP answers 486, 603 and 404 arrive.
const REFUSALS = {
  busy: { dialstatus: 'BUSY', cause: 17, techCause: 486 },
  reject: { dialstatus: 'NOANSWER', cause: 21, techCause: 603 },
  not_found: { dialstatus: 'NOANSWER', cause: 1, techCause: 404 },
} as const;

/** Plays what the callee does. */
export function dial(exchange: Exchange, dialling: Dialling): void {
  const { channel, target, behaviour, timeoutSeconds } = dialling;
  exchange.dial(channel, target.dialstring, '');
  if (behaviour.rings !== false) {
    exchange.setState(channel, 'Ringing');
    exchange.dial(channel, target.dialstring, 'RINGING');
  }
  const afterMs = behaviour.outcome === 'nothing' ? Infinity : (behaviour.afterMs ?? 0);
  const timeoutMs = timeoutSeconds < 0 ? Infinity : timeoutSeconds * 1000;
  if (afterMs === 0) decide(exchange, dialling);
  else if (afterMs < timeoutMs) exchange.after(channel, afterMs, () => decide(exchange, dialling));
  else if (timeoutMs < Infinity) {
    exchange.after(channel, timeoutMs, () => exchange.destroy(channel, { cause: 19, techCause: 480 }));
  }
}

function decide(exchange: Exchange, { channel, target, behaviour, answered }: Dialling): void {
  exchange.stopTimer(channel);
  if (behaviour.outcome === 'answer') {
    exchange.setState(channel, 'Up');
    exchange.dial(channel, target.dialstring, 'ANSWER');
    answered();
    return;
  }
  if (behaviour.outcome === 'nothing') return;
  const { dialstatus, cause, techCause } = REFUSALS[behaviour.outcome];
  exchange.dial(channel, target.dialstring, dialstatus);
  exchange.destroy(channel, { cause, techCause });
}

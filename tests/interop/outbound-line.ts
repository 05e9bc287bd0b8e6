import { makeAssistant, TRANSFER_TARGETS } from './assistant.js';
import type { Asterisk } from './asterisk.js';
import { trunk } from './asterisk-configuration.js';
import { ARI_PASSWORD, configurationFor, describeLine, type Line, targetOf } from './dialplan.js';
import type { Lab } from './lab.js';
import type { ServerUnderTest } from './server-under-test.js';
import { answersAfter, type Invitation } from './sip-phone/behaviour.js';
import type { SipCall } from './sip-phone/sip-call.js';
import { SipPhone } from './sip-phone/sip-phone.js';
import { TestCall } from './test-call.js';
import { poll } from './wait.js';

/** How a call that was answered gets its sound: by our context of the dialplan, or by our Stasis application. */
export interface Way extends Line {
  readonly mode: 'dialplan' | 'stasis';
}

/** The caller id of calls that name none. */
export const OWN_NUMBER = '15550001111';
/** Fast enough not to be what a case measures. */
const CALLS_PER_SECOND = 20;
/** Long enough for Asterisk to tell of it. */
const RING_MS = 300;
const ARRIVES_MS_MAX = 8_000;
const CONNECTED_MS_MAX = 10_000;

export function describeWay(way: Way): string {
  return `${way.mode} ${describeLine(way)}`;
}

export interface OutboundOptions {
  /** Of the phone deployment, beyond what the way needs. */
  readonly deployment?: object;
  /** File name to text, appended to those under test; told the id of the assistant. */
  readonly files?: (assistantId: string) => Readonly<Record<string, string>>;
  /** Where calls of the caller's phone come in; without it, where the configuration under test has them. */
  readonly context?: string;
}

interface Parts {
  readonly lab: Lab;
  readonly way: Way;
  readonly server: ServerUnderTest;
  readonly asterisk: Asterisk;
  readonly caller: SipPhone;
  readonly callee: SipPhone;
  readonly credentialId: string;
  readonly assistantId: string;
}

/** A server that telephones through Asterisk, and somebody who can be called. */
export class OutboundLine {
  readonly server: ServerUnderTest;
  readonly asterisk: Asterisk;
  /** A phone of the house: it calls. */
  readonly caller: SipPhone;
  /** In the place of the telephone network: whatever number is dialled, it rings here. */
  readonly callee: SipPhone;
  readonly credentialId: string;
  readonly assistantId: string;
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.server = parts.server;
    this.asterisk = parts.asterisk;
    this.caller = parts.caller;
    this.callee = parts.callee;
    this.credentialId = parts.credentialId;
    this.assistantId = parts.assistantId;
  }

  static async open(
    lab: Lab,
    way: Way,
    { deployment = {}, files, context }: OutboundOptions = {},
  ): Promise<OutboundLine> {
    const server = await lab.server();
    // The dialplan has its number; how it telephones is known when Asterisk is there.
    const assistantId = await makeAssistant(server);
    const callee = await SipPhone.open();
    lab.stopLater(() => callee.close());
    const configuration = configurationFor(way, [targetOf(server, assistantId)], { direction: 'both' });
    const more = files?.(assistantId) ?? {};
    const { asterisk, phone: caller } = await lab.exchange(
      { ...configuration, ...(context !== undefined && { context }) },
      { ...more, 'pjsip.conf': `${more['pjsip.conf'] ?? ''}${trunk('trunk', callee.port)}` },
    );
    const credentialId = await makeCredential(server, 'pbx', { ari_url: ariUrl(asterisk) });
    const line = new OutboundLine({ lab, way, server, asterisk, caller, callee, credentialId, assistantId });
    await line.deploy(assistantId, deployment);
    return line;
  }

  /** Another one of the same words, and this deployment. */
  async assistant(name: string, deployment: object): Promise<string> {
    return makeAssistant(this.server, { name, deployment: this.#deployed(deployment) });
  }

  async deploy(assistantId: string, deployment: object): Promise<void> {
    await this.server.send('PUT', `/v1/assistants/${assistantId}/phone-deployment`, this.#deployed(deployment));
  }

  /** Another one, different from the one that opens this Asterisk. */
  async credential(name: string, value: Readonly<Record<string, string>>): Promise<string> {
    return makeCredential(this.server, name, { ari_url: ariUrl(this.asterisk), ...value });
  }

  /** Orders a call; its id. */
  async place(to: string, order: object = {}): Promise<string> {
    const { data } = await this.server.send<{ data: { id: string } }>(
      'POST',
      '/v1/talk/create-phone-call',
      this.order(to, order),
    );
    return data.id;
  }

  order(to: string, more: object = {}): object {
    return { assistant: { assistantId: this.assistantId }, toNumber: to, ...more };
  }

  /** Calls that were begun with this number. */
  dialled(number: string): Invitation[] {
    return this.callee.invitations.filter(({ called }) => called === number);
  }

  /** The call that comes to this number, the `nth` since the phone is there. */
  async arrival(number: string, nth = 1): Promise<SipCall> {
    return poll(`the phone is called as ${number}`, ARRIVES_MS_MAX, async () => {
      const invitation = this.dialled(number)[nth - 1];
      return this.callee.incoming.find(({ callId }) => callId === invitation?.callId);
    });
  }

  /** A call of the server to a phone that answers it. */
  async taken(id: string, number: string, nth = 1): Promise<TestCall> {
    const { server, asterisk, callee } = this;
    const parts = { server, asterisk, phone: callee, voice: this.#parts.lab.voice, codec: 'PCMU' } as const;
    return TestCall.taken(parts, await this.arrival(number, nth), id);
  }

  /** Dials a phone that answers after a ring, and waits until the assistant holds the call. */
  async connected(number: string, order: object = {}): Promise<TestCall> {
    this.callee.onCall(answersAfter(RING_MS));
    const id = await this.place(number, order);
    const call = await this.taken(id, number);
    await this.inState(id, 'connected');
    return call;
  }

  async inState(id: string, state: string): Promise<void> {
    let seen = '';
    const there = poll(`call ${id} is ${state}`, CONNECTED_MS_MAX, async () => {
      seen = (await this.server.call(id)).state;
      return seen === state ? 'there' : undefined;
    });
    await there.catch((error: unknown) => {
      throw new Error(`${String(error)}: it is ${seen}`);
    });
  }

  #deployed(deployment: object): object {
    const { mode, transport, format } = this.#parts.way;
    const context = mode === 'dialplan' ? { context: 'rapida-outbound' } : {};
    const { options = {}, ...rest } = deployment as { readonly options?: object };
    return {
      credentialId: this.credentialId,
      options: { phone: OWN_NUMBER, trunk: 'trunk', ...context, ...options },
      media: { transport, format },
      transferTargets: TRANSFER_TARGETS,
      ...rest,
    };
  }
}

/** Resolves when this server's application is known to Asterisk: calls can be handed to it. */
export async function applicationIsThere({ asterisk }: OutboundLine): Promise<void> {
  await poll('the application of the server', ARRIVES_MS_MAX, async () =>
    /^rapida$/m.test(await asterisk.cli('ari show apps')) ? 'there' : undefined,
  );
}

async function makeCredential(
  server: ServerUnderTest,
  name: string,
  value: Readonly<Record<string, string>>,
): Promise<string> {
  const access = { ari_user: 'rapida', ari_password: ARI_PASSWORD, ...value };
  const body = { name, provider: 'asterisk', value: access, callsPerSecond: CALLS_PER_SECOND };
  return (await server.send<{ id: string }>('POST', '/v1/credentials', body)).id;
}

function ariUrl({ httpPort }: Asterisk): string {
  return `http://127.0.0.1:${httpPort}`;
}

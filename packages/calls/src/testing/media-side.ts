import type { FakeAri } from '@rapida/ari/testing';
import type { CallRecord } from '@rapida/core';
import { settle } from '@rapida/core/testing';
import type { FakeConversation } from './fake-conversation.js';
import { FakeTransport } from './fake-transport.js';
import type { Harness } from './harness.js';

/** Media that has come for a call. */
export interface Talk {
  readonly contextId: string;
  /** Of the media in Stasis, of the telephone in the dialplan. */
  readonly channelId: string;
  readonly transport: FakeTransport;
  readonly conversation: FakeConversation;
  readonly attached: Promise<void>;
}

const BEFORE_ANSWER: readonly CallRecord['state'][] = ['queued', 'dialing', 'ringing'];
/** Of the event loop: far more than a session takes to have its conversation. */
const TURNS_MAX = 1_000_000;

/** Connects the sound of a fake Asterisk: from the context `bot` of its dialplan, and from its media channels. */
export class MediaSide {
  readonly talks: Talk[] = [];
  comes = true;
  readonly #harness: Harness;
  readonly #fake: FakeAri;
  readonly #mode: 'dialplan' | 'stasis';
  readonly #when: 'at_once' | 'when_answered';

  constructor(
    harness: Harness,
    fake: FakeAri,
    mode: 'dialplan' | 'stasis',
    /** A real telephone's answer is on record before its sound is there. */
    when: 'at_once' | 'when_answered',
  ) {
    this.#harness = harness;
    this.#fake = fake;
    this.#mode = mode;
    this.#when = when;
    fake.onDialplan(({ channelId, context, variables }) => {
      if (context === 'bot') this.#connect(variables.RAPIDA_CONTEXT_ID ?? '', channelId);
    });
    fake.onMedia(({ channelId, data = '' }) => this.#connect(data, channelId));
  }

  /** What has ended in Asterisk ends here. */
  follow(): void {
    if (this.talks.length === 0) return;
    const there = new Set(this.#fake.channels().map(({ id }) => id));
    for (const { channelId, transport } of this.talks) if (!there.has(channelId)) transport.callerHangsUp();
  }

  #connect(contextId: string, channelId: string): void {
    if (this.comes) void this.#claimAndAttach(contextId, channelId);
  }

  async #claimAndAttach(contextId: string, channelId: string): Promise<void> {
    const { useCases, conversations } = this.#harness;
    await this.#answered(contextId);
    const claim = await useCases.media.claim(contextId, 'audiosocket', '192.0.2.1');
    if (!claim.ok) return;
    const transport = new FakeTransport();
    const known = conversations.length;
    if (this.#mode === 'stasis') void transport.closed.then(() => this.#fake.endMedia(channelId));
    const attached = useCases.media.attach(claim.context, transport);
    for (let turn = 0; turn < TURNS_MAX && conversations.length === known; turn++) await settle();
    const conversation = conversations[known];
    if (conversation !== undefined) this.talks.push({ contextId, channelId, transport, conversation, attached });
  }

  async #answered(contextId: string): Promise<void> {
    if (this.#when === 'at_once') return;
    const { calls } = this.#harness.stores;
    for (let turn = 0; turn < TURNS_MAX; turn++) {
      const call = await calls.getByContext(contextId);
      if (call === undefined || call.direction === 'inbound' || !BEFORE_ANSWER.includes(call.state)) return;
      await settle();
    }
  }
}

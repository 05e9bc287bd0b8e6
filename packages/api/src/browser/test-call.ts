import type { LiveStream, UseCases } from '@rapida/calls';
import {
  type BrowserLink,
  type CallContext,
  type Clock,
  FRAME_MS,
  type MediaTransport,
  RATE_HZ,
  RapidaError,
  type SpeakText,
} from '@rapida/core';
import { eventJson } from '../event-json.js';
import type { BrowserRequest, BrowserRoute, ServeLink } from './browser-upgrade.js';

/** How long the last event of a call may take after its media; an analysis is not waited for. */
const LAST_EVENT_MS_MAX = 2_000;

/** Makes a call's media leg of a link; with a voice for somebody who types. */
export type OpenBrowserMedia = (link: BrowserLink, speak: SpeakText | undefined) => MediaTransport;

export interface TestCallDependencies {
  readonly useCases: Pick<UseCases, 'media' | 'live' | 'calls' | 'testCalls'>;
  readonly openBrowserMedia: OpenBrowserMedia;
  readonly clock: Clock;
}

/** The sound of a call that was registered for a browser, and what is said in it, over one connection. */
export function testCallRoute(dependencies: TestCallDependencies): BrowserRoute {
  return {
    pattern: /^\/v1\/test-calls\/([^/]+)$/,
    scopes: ['calls'],
    async prepare(request) {
      const { context, abandon } = await claim(dependencies, request);
      try {
        const speak =
          request.query.get('mode') === 'text' ? await dependencies.useCases.testCalls.voice(context) : undefined;
        const { projectId, keyId } = request.principal;
        const stream = await dependencies.useCases.live.follow({ projectId, keyId, callId: context.callId });
        return {
          serve: (link) => serve(dependencies, { context, speak, stream }, link),
          abandon() {
            stream.close();
            abandon();
          },
        };
      } catch (error) {
        abandon();
        throw error;
      }
    },
  };
}

/** A claim is for good: where nothing comes of it, the call has failed. */
async function claim(
  { useCases: { media } }: TestCallDependencies,
  { id, principal, remoteAddress }: BrowserRequest,
): Promise<{ context: CallContext; abandon: () => void }> {
  const claimed = await media.claim(id, 'browser', remoteAddress);
  if (!claimed.ok) throw new RapidaError(claimed.code);
  const { context } = claimed;
  const abandon = (): void => void media.abandon(context, 'media_start_missing', 'the browser did not connect');
  if (context.projectId === principal.projectId) return { context, abandon };
  abandon();
  throw new RapidaError('context_unknown');
}

interface TestCall {
  readonly context: CallContext;
  readonly speak: SpeakText | undefined;
  readonly stream: LiveStream;
}

/** To the end of the call, and of what there is to tell about it. */
const serve = async (
  { useCases, openBrowserMedia, clock }: TestCallDependencies,
  { context, speak, stream }: TestCall,
  link: BrowserLink,
): ReturnType<ServeLink> => {
  const { callId, projectId } = context;
  const tell = (message: object): void => link.sendText(JSON.stringify(message));
  const mode = speak === undefined ? 'microphone' : 'text';
  tell({ type: 'started', callId, rateHz: RATE_HZ, frameMs: FRAME_MS, channels: 1, mode });
  const told = tellEvents(stream, tell);
  try {
    await useCases.media.attach(context, openBrowserMedia(link, speak));
    const late = clock.setTimer(LAST_EVENT_MS_MAX, () => stream.close());
    await told;
    late.cancel();
    const { state, reason, disconnectedBy } = await useCases.calls.get(projectId, callId);
    tell({ type: 'ended', state, reason, disconnectedBy });
  } catch {
    // The record could not be read, which was logged where it is: the connection ends without its last word.
  } finally {
    stream.close();
  }
};

/** Resolves with the end of the call, or of the stream. */
async function tellEvents(stream: LiveStream, tell: (message: object) => void): Promise<void> {
  for (;;) {
    const next = await stream.next();
    if (typeof next === 'string') return;
    tell({ type: 'event', event: eventJson(next) });
    if (next.type === 'call.ended' || next.type === 'call.failed') return;
  }
}

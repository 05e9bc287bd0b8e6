import { RapidaError } from '@rapida/core';
import { assistantAt } from '../assistant-at.js';
import { checked, counted, type RegisterInboundDependencies, registerWith } from '../register-inbound.js';
import type { TestCallUseCases } from '../use-cases.js';
import { type CallerVoiceDependencies, createCallerVoice } from './caller-voice.js';

/** A page opens its connection at once; what it never comes for gives its place back soon. */
export const TEST_CONTEXT_TTL_MS = 60_000;

export function createTestCalls(dependencies: RegisterInboundDependencies & CallerVoiceDependencies): TestCallUseCases {
  const { contextTtlMs, admission, assistants, health } = dependencies;
  const shortLived = { ...dependencies, contextTtlMs: Math.min(contextTtlMs, TEST_CONTEXT_TTL_MS) };
  return {
    register({ projectId, assistantId, version, from, mode }) {
      return counted(dependencies, { assistantId }, async () => {
        if (admission.draining) throw new RapidaError('draining');
        // So that it can be told from the others, and left out of figures.
        const metadata = { test: 'browser', mode };
        const request = checked({ projectId, assistantId, from, to: null, channelId: null, metadata });
        const asked = { projectId, assistantId, assistantVersion: version ?? null };
        const assistant = await health.watch('assistant_get', assistantAt(assistants, asked));
        return registerWith(shortLived, request, assistant);
      });
    },
    voice: createCallerVoice(dependencies),
  };
}

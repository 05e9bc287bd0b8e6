import { useMutation } from '@tanstack/react-query';
import { useServer } from './server.js';

export type TestCallMode = 'microphone' | 'text';

export interface TestCallWanted {
  readonly assistantId: string;
  readonly mode: TestCallMode;
}

/** A call that waits for its sound: a WebSocket at `path`, within a minute. */
export interface TestCallMade {
  readonly callId: string;
  readonly path: string;
}

export function useMakeTestCall() {
  const { requests } = useServer();
  return useMutation({
    mutationFn: ({ assistantId, mode }: TestCallWanted) =>
      requests.json<TestCallMade>('POST', `/v1/assistants/${encodeURIComponent(assistantId)}/test-calls`, {
        body: { mode },
      }),
  });
}

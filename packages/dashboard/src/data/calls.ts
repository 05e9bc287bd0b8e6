import {
  type Call,
  type CallState,
  FINAL_STATES,
  type NewCall,
  type PlacedCall,
  type Rapida,
  RapidaApiError,
} from '@rapida/client';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useServer } from './server.js';

export const CALLS = ['calls'] as const;

/** More than people try in a browser while an Asterisk is being connected. */
const NEWEST = 20;

/** The newest call that an Asterisk has brought to the assistant; kept up to date by the live feed. */
export function useNewestArrival(assistantId: string) {
  const { rapida } = useServer();
  return useQuery({
    queryKey: [...CALLS, 'live', 'arrival', assistantId],
    queryFn: async ({ signal }) => {
      const { data } = await rapida.calls.list({ assistantId, direction: 'inbound', limit: NEWEST }, { signal });
      return data.find(({ metadata }) => metadata.test !== 'browser') ?? null;
    },
  });
}

export function isOver({ state }: Pick<Call, 'state'>): boolean {
  return FINAL_STATES.includes(state);
}

export function useCall(id: string) {
  const { rapida } = useServer();
  return useQuery({ queryKey: [...CALLS, 'one', id], queryFn: ({ signal }) => rapida.calls.get(id, { signal }) });
}

export function useTranscript(id: string) {
  const { rapida } = useServer();
  return useQuery({
    queryKey: [...CALLS, 'one', id, 'transcript'],
    queryFn: ({ signal }) => rapida.calls.transcript(id, { signal }),
  });
}

export function useCallEvents(id: string) {
  const { rapida } = useServer();
  return useQuery({
    queryKey: [...CALLS, 'one', id, 'events'],
    queryFn: ({ signal }) => rapida.calls.events(id, { signal }),
  });
}

export function useCallMetrics(id: string) {
  const { rapida } = useServer();
  return useQuery({
    queryKey: [...CALLS, 'one', id, 'metrics'],
    queryFn: ({ signal }) => rapida.calls.metrics(id, { signal }),
  });
}

const WAVEFORM_POINTS = 1_200;

export function useWaveform(id: string, enabled: boolean) {
  const { rapida } = useServer();
  return useQuery({
    queryKey: [...CALLS, 'one', id, 'waveform'],
    queryFn: ({ signal }) => rapida.calls.waveform(id, { points: WAVEFORM_POINTS }, { signal }),
    enabled,
  });
}

/** What can be done to a call that is held. */
export function useCallControls(id: string) {
  const { rapida } = useServer();
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries({ queryKey: [...CALLS, 'one', id] });
  return {
    hangUp: useMutation({ mutationFn: () => rapida.calls.hangup(id), onSuccess }),
    say: useMutation({ mutationFn: (text: string) => rapida.calls.say(id, text), onSuccess }),
    transfer: useMutation({ mutationFn: (target: string) => rapida.calls.transfer(id, target), onSuccess }),
  };
}

export function usePlaceCall() {
  const { rapida } = useServer();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (call: NewCall) => rapida.calls.create(call),
    onSuccess: () => client.invalidateQueries({ queryKey: CALLS }),
  });
}

/** Places a portion of a list; the key makes a portion that is sent again the same orders. */
export function usePlaceCalls() {
  const { rapida } = useServer();
  return (calls: readonly NewCall[], idempotencyKey: string) => rapida.calls.createMany(calls, { idempotencyKey });
}

/** Cancels calls one after the other; one that was over by itself meanwhile is as it should be. */
export function useCancelCalls() {
  const { rapida } = useServer();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (ids: readonly string[]) => {
      for (const id of ids) await rapida.calls.hangup(id).catch(unlessOver);
    },
    onSettled: () => client.invalidateQueries({ queryKey: CALLS }),
  });
}

function unlessOver(error: unknown): void {
  if (!(error instanceof RapidaApiError) || error.code !== 'call_ended') throw error;
}

const STATES_LOOK_MS = 4_000;

/** What became of calls that were placed a moment ago, by their ids; looks until all of them are over. */
export function useCallStates(placed: readonly PlacedCall[]): ReadonlyMap<string, string> {
  const { rapida } = useServer();
  const { data } = useQuery({
    queryKey: [...CALLS, 'placed', placed[0]?.id, placed.length],
    queryFn: ({ signal }) => statesOf(rapida, placed, signal),
    enabled: placed.length > 0,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (areOver(state.data, placed) ? false : STATES_LOOK_MS),
  });
  return data ?? NOTHING_KNOWN;
}

const NOTHING_KNOWN: ReadonlyMap<string, CallState> = new Map();

/** They are among the newest: read from the newest on, until all were met. */
async function statesOf(rapida: Rapida, placed: readonly PlacedCall[], signal: AbortSignal) {
  const wanted = new Set(placed.map(({ id }) => id));
  const states = new Map<string, CallState>();
  let looked = 0;
  for await (const { id, state } of rapida.calls.each({ direction: 'outbound' }, { signal })) {
    if (wanted.has(id)) states.set(id, state);
    if (states.size === wanted.size || ++looked >= wanted.size + LOOKED_BEYOND_MAX) break;
  }
  return states;
}

/** Calls that others placed meanwhile. */
const LOOKED_BEYOND_MAX = 2_000;

function areOver(states: ReadonlyMap<string, CallState> | undefined, placed: readonly PlacedCall[]): boolean {
  return placed.every(({ id }) => FINAL_STATES.includes(states?.get(id) ?? 'queued'));
}

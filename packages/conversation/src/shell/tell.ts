import type { TranscriptTurn, TurnMetrics } from '@rapida/core';
import type { ConversationOptions, LiveEvent, ToolRecord } from '../conversation.js';

/** Actions that only tell somebody something. */
export type Telling =
  | { readonly type: 'record-turn'; readonly turn: TranscriptTurn }
  | { readonly type: 'measure'; readonly metrics: TurnMetrics }
  | { readonly type: 'count-turn'; readonly outcome: 'answered' | 'interrupted' | 'rejected' | 'failed' }
  | { readonly type: 'count-interruption'; readonly outcome: 'confirmed' | 'resumed' }
  | { readonly type: 'report-failure'; readonly failure: { readonly kind: EngineKind; readonly code: string } }
  | { readonly type: 'live'; readonly event: LiveEvent }
  | { readonly type: 'record-tool'; readonly use: ToolRecord }
  | { readonly type: 'set-metadata'; readonly name: string; readonly value: string };

export type EngineKind = 'stt' | 'llm' | 'tts' | 'realtime';

export function tell(action: Telling, options: ConversationOptions): void {
  const { telemetry, onTurn, onTool, onMetadata, onLive, logger, providers } = options;
  switch (action.type) {
    case 'record-turn':
      return onTurn(action.turn);
    case 'record-tool':
      telemetry.count('rapida_tool_calls_total', { outcome: action.use.code ?? 'ok' });
      return onTool?.(action.use);
    case 'set-metadata':
      return onMetadata?.(action.name, action.value);
    case 'measure':
      for (const [stage, ms] of Object.entries(action.metrics)) telemetry.observe('rapida_turn_ms', ms, { stage });
      return;
    case 'count-turn':
      return telemetry.count('rapida_turns_total', { outcome: action.outcome });
    case 'count-interruption':
      return telemetry.count('rapida_interruptions_total', { outcome: action.outcome });
    case 'report-failure': {
      const { kind, code } = action.failure;
      const provider = providers[kind]?.provider ?? 'none';
      telemetry.count('rapida_provider_errors_total', { kind, provider, code });
      return logger.warn({ kind, provider, code }, 'a provider failed during the conversation');
    }
    case 'live':
      return onLive?.(action.event);
  }
}

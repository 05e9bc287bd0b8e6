import type { CallEvent, Turn } from './run-call.js';

type Write = (line: string) => void;

/** The dialogue as it happens, for people. Assistant and caller are what the server understood and was heard saying. */
export function printCall(write: Write): (event: CallEvent) => void {
  return (event) => {
    const line = lineFor(event);
    if (line !== undefined) write(line);
  };
}

function lineFor(event: CallEvent): string | undefined {
  switch (event.type) {
    case 'registered':
      return `  registered   call ${event.callId ?? '(not readable with this key)'}`;
    case 'saying':
      return `  (the caller says: "${event.text}")`;
    case 'turn':
      return `  ${turnLine(event.turn)}`;
    case 'answered':
      return `  (heard ${event.afterMs} ms after the caller's last word)`;
    case 'not_answered':
      return `  (NOT answered within ${event.waitedMs} ms)`;
    case 'silenced':
      return `  (the assistant fell silent ${Math.round(event.afterMs)} ms after the caller began to speak)`;
    case 'ended':
      return `  ended        ${event.how}; recorded as ${event.state ?? 'unknown'}${event.reason === undefined ? '' : ` (${event.reason})`}`;
  }
}

function turnLine(turn: Turn): string {
  const who = turn.role === 'user' ? 'caller   ' : 'assistant';
  const at = `${(turn.startMs / 1000).toFixed(1).padStart(5)} s`;
  const said = turn.text === '' ? '(not understood)' : turn.text;
  return `${at}  ${who}  ${said}${turn.interrupted ? ' -- interrupted' : ''}${latencies(turn.metrics)}`;
}

function latencies(metrics: Turn['metrics']): string {
  const parts = Object.entries(metrics).map(([name, ms]) => `${name.replace(/_ms$/, '').replaceAll('_', ' ')} ${ms}`);
  return parts.length === 0 ? '' : `   [${parts.join(', ')} ms]`;
}

/** One JSON object a line. */
export function printJson(write: Write): (event: CallEvent) => void {
  return (event) => write(JSON.stringify(event));
}

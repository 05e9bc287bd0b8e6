import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  CALL_EVENTS,
  CALL_STATES,
  ERRORS,
  FINAL_STATES,
  LIVE_EVENTS,
  METRICS,
  TRANSFER_FAILURES,
  TURN_STAGES,
} from '@rapida/core';
import { SETTINGS, type SettingKind } from '@rapida/server';
import { assistantPage, assistantSchemaFile } from './assistant-docs.js';
import { writePages } from './asterisk-docs.js';

/** The reference pages, written from the catalogues in the code: `npm run docs`. A test holds them to it. */
export function referencePages(): Readonly<Record<string, string>> {
  return {
    'settings.md': page('Settings', SETTINGS_INTRO, ['setting', 'default', 'accepts', 'meaning'], settingRows()),
    'errors.md': page('Errors', ERRORS_INTRO, ['code', 'whose fault', 'worth retrying', 'meaning'], errorRows()),
    'metrics.md': page('Metrics', METRICS_INTRO, ['metric', 'type', 'labels', 'meaning'], metricRows(), stages()),
    'assistant.md': assistantPage(GENERATED),
    'assistant.schema.json': assistantSchemaFile(),
    'call-record.md': page('States and events of a call', RECORD_INTRO, ['state', 'final'], stateRows(), events()),
  };
}

const GENERATED = 'Written by `npm run docs` from the code; do not edit.';
const SETTINGS_INTRO =
  'Environment variables, also read from a `.env` file in the working directory (the environment wins). An unknown name in a section of ours, a malformed value or a port in use stops the start with one line that names it.';
const ERRORS_INTRO =
  'Every error is a JSON object `{"error":"...","code":"..."}` with one of these codes; they are stable. To the `CURL()` function of Asterisk an error of the webhook has an empty body, and the code is in the header `x-rapida-error`.';
const METRICS_INTRO = 'In Prometheus format on `/metrics`.';
const SUM_OF_STAGES =
  '`eos_latency_ms` + `tools_ms` + `llm_ttft_ms` + `llm_piece_ms` + `tts_ttfb_ms` is the time from the last sound of the caller to the first sound of the answer. Within a frame (20 ms) that is `response_latency_ms`, where nothing was said in the meantime (a filler, `sayMeanwhile`) and the caller made no sound that the answer had to wait for.';
const STREAM_INTRO =
  'The stream of live events (`GET /v1/calls/stream`, Server-Sent Events) tells these as they are stored, with their number in the call as `seq`, and between them what stands in no record, with null. Whoever connects again with the `id` of the last message (`Last-Event-ID`, or `?lastEventId=`) and with `callId` gets the stored events after it, each once; what is only told is not told again. A stream of one call ends with its last event; asked again after that it is answered with 204. Types that are only told:';
const RECORD_INTRO = 'A call is in one of these states; a final one never changes.';

function page(
  title: string,
  intro: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  after = '',
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const table = [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
  return `# ${title}\n\n${GENERATED}\n\n${intro}\n\n${table}\n${after}`;
}

function settingRows(): string[][] {
  return Object.entries<SettingKind>(SETTINGS).map(([name, { standard, accepts, doc }]) => [
    `\`${name}\``,
    standard === undefined ? '-' : `\`${standard}\``,
    accepts,
    doc,
  ]);
}

function errorRows(): string[][] {
  return Object.entries(ERRORS).map(([code, { fault, retryable, text }]) => [
    `\`${code}\``,
    fault,
    retryable ? 'yes' : 'no',
    text,
  ]);
}

function metricRows(): string[][] {
  return Object.entries(METRICS).map(([name, { type, labels, help }]) => [
    `\`${name}\``,
    type,
    labels.join(', ') || '-',
    help,
  ]);
}

function stages(): string {
  const rows = Object.entries(TURN_STAGES).map(([stage, text]) => `| \`${stage}\` | ${text} |`);
  return `\nStages of \`rapida_turn_ms\`, which are also the keys of a turn's metrics in the transcript:\n\n| stage | time from - to |\n| --- | --- |\n${rows.join('\n')}\n\n${SUM_OF_STAGES}\n`;
}

function stateRows(): string[][] {
  return CALL_STATES.map((state) => [`\`${state}\``, FINAL_STATES.includes(state) ? 'yes' : '']);
}

function events(): string {
  const stored = CALL_EVENTS.map((event) => `\`${event}\``).join(', ');
  const told = Object.entries(LIVE_EVENTS).map(([type, text]) => `| \`${type}\` | ${text} |`);
  const failures = TRANSFER_FAILURES.map((reason) => `\`${reason}\``).join(', ');
  return `\nEvents: ${stored}; and whatever a dialplan reports, with \`reported\` in its data: under its own name, or as \`reported.<name>\` where the name is one of ours. What became of a transfer may come after the final state.\n\nReasons of \`call.transfer_failed\`: ${failures}.\n\n${STREAM_INTRO}\n\n| type | meaning |\n| --- | --- |\n${told.join('\n')}\n`;
}

export const REFERENCE_FOLDER = join(fileURLToPath(new URL('..', import.meta.url)), 'docs/reference');

if (process.argv.includes('--write')) {
  for (const [name, text] of Object.entries(referencePages())) writeFileSync(join(REFERENCE_FOLDER, name), text);
  writePages();
}

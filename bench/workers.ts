import type { Benchmark, Row } from './benchmark.js';
import type { CallersReport } from './callers/main.js';
import { type Child, cpuPercentDuring, startChild, type Usage } from './child.js';
import type { Progress } from './progress.js';
import type { WholePlan, WholeReady } from './servers/whole.js';

/** Added in each step, by a process of their own. */
const STEP_CALLS = 50;
const STEPS_MAX = 8;
const SETTLE_MS = 2_000;
const MEASURE_MS = 3_000;
const FRAMES_PER_SECOND = 50;
/** Of frames sent late by the server: with more the calls are too many. */
const LATE_MAX = 0.01;
/** The calls at which CPU and memory are looked at. */
const COMPARED_CALLS = 100;

export const workers: Benchmark = {
  name: 'workers',
  how: `\`rapida serve\` as installed, with one process and with two workers, and silent calls over AudioSocket, ${STEP_CALLS} more in each step, up to ${STEPS_MAX * STEP_CALLS}: how many before more than ${LATE_MAX * 100} % of the frames leave late. The callers share the cores, so that with two cores this says little of what two cores carry.`,
  async run(progress) {
    const one = await carried(1, progress);
    const two = await carried(2, progress);
    const against = (value: number) => ({ name: 'one process', value });
    return [
      row('calls before frames are late, 2 workers', two.calls, 'calls', against(one.calls)),
      row(`CPU per call, all processes, ${COMPARED_CALLS} calls`, two.cpu, '% CPU', against(one.cpu)),
      row(`resident memory, all processes, ${COMPARED_CALLS} calls`, two.rssKb, 'kB', against(one.rssKb)),
      row('resident memory, all processes, no calls yet', two.idleKb, 'kB', against(one.idleKb)),
    ];
  },
};

function row(name: string, value: number, unit: Row['unit'], against: Row['against']): Row {
  return { name, value, unit, judgedBy: 'ratio', ...(against !== undefined && { against }) };
}

interface Carried {
  readonly calls: number;
  readonly cpu: number;
  readonly rssKb: number;
  readonly idleKb: number;
}

async function carried(count: number, progress: Progress): Promise<Carried> {
  const server = await startChild<WholeReady>('./servers/whole.js', { workers: count } satisfies WholePlan);
  const callers: Child[] = [];
  const label = count === 1 ? 'one process' : `${count} workers`;
  try {
    const assistantId = await patientAssistant(server.ready);
    const idleKb = (await server.ask<Usage>('usage')).rssBytes / 1024;
    let [calls, cpu, rssKb] = [0, Number.NaN, Number.NaN];
    for (let step = 1; step <= STEPS_MAX; step++) {
      callers.push(await moreCallers(server.ready, assistantId));
      const now = step * STEP_CALLS;
      await progress.wait(`workers: ${label}, ${now} calls, settling`, SETTLE_MS);
      const before = await lateFrames(server.ready);
      const percent = await cpuPercentDuring(server, () =>
        progress.wait(`workers: ${label}, ${now} calls`, MEASURE_MS),
      );
      const late = (await lateFrames(server.ready)) - before;
      if (now === COMPARED_CALLS) {
        cpu = percent / now;
        rssKb = (await server.ask<Usage>('usage')).rssBytes / 1024;
      }
      if (late / (now * FRAMES_PER_SECOND * (MEASURE_MS / 1_000)) <= LATE_MAX) calls = now;
      else if (now >= COMPARED_CALLS) break;
    }
    await allHeard(callers);
    return { calls, cpu, rssKb, idleKb };
  } finally {
    await Promise.all(callers.map((caller) => caller.stop()));
    await server.stop();
  }
}

/** Otherwise it was another server than we think. */
async function allHeard(callers: readonly Child[]): Promise<void> {
  for (const caller of callers) {
    const { framesReceived } = await caller.ask<CallersReport>('report');
    if (framesReceived === 0) throw new Error('callers heard nothing');
  }
}

async function moreCallers(ready: WholeReady, assistantId: string): Promise<Child> {
  const contextIds: string[] = [];
  for (let n = 0; n < STEP_CALLS; n++) {
    contextIds.push(await ask(ready, `/v1/talk/asterisk/call/${assistantId}?from=${n}`));
  }
  const plan = { transport: 'audiosocket', port: ready.port, calls: STEP_CALLS, behaviour: 'silent', contextIds };
  return startChild<object>('./callers/main.js', plan);
}

/** One that does not mind a silent caller. */
async function patientAssistant(ready: WholeReady): Promise<string> {
  const config = { name: 'bench', greeting: 'Hello.', silence: { promptAfterMs: 120_000 } };
  const made = await ask(ready, '/v1/assistants', { method: 'POST', body: JSON.stringify(config) });
  return (JSON.parse(made) as { id: string }).id;
}

async function lateFrames(ready: WholeReady): Promise<number> {
  const text = await ask(ready, '/metrics');
  return Number(/^rapida_playout_late_frames_total (\S+)$/m.exec(text)?.[1] ?? 0);
}

async function ask({ httpPort, key }: WholeReady, path: string, init: RequestInit = {}): Promise<string> {
  const headers = { 'x-api-key': key, ...(init.body !== undefined && { 'content-type': 'application/json' }) };
  const answer = await fetch(`http://127.0.0.1:${httpPort}${path}`, { ...init, headers });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.text();
}

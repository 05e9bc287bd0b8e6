import type { Benchmark, Row } from './benchmark.js';
import { cpuPercentDuring } from './child.js';
import type { Progress } from './progress.js';
import { onStage } from './stage.js';

const CALLS = 500;
const WARM_UP_MS = 1_500;
const MEASURE_MS = 4_000;
/** With more the machine is busy with something else, and the figures of this benchmark say little. */
const LATE_SHARE_MAX = 0.02;

const SERVERS = {
  bare: { file: './servers/bare-echo.js', label: 'bare net' },
  library: { file: './servers/library-echo.js', label: 'audiosocket library' },
  transport: { file: './servers/transport-echo.js', label: 'transport' },
} as const;
type Variant = keyof typeof SERVERS;

/** There and back again: what gets slower or faster on the machine meanwhile does so for all. */
const ORDER: readonly Variant[] = ['bare', 'library', 'transport', 'transport', 'library', 'bare'];

export const echo: Benchmark = {
  name: 'echo',
  how: `${CALLS} AudioSocket calls send a frame every 20 ms and get it back; CPU of the echoing process, mean of two runs of ${MEASURE_MS / 1000} s.`,
  async run(progress) {
    const cpu = { bare: 0, library: 0, transport: 0 };
    let [sent, late, received] = [0, 0, 0];
    for (const variant of ORDER) {
      const run = await runOnce(variant, progress);
      cpu[variant] += run.cpuPercent / 2;
      sent += run.sent;
      late += run.late;
      received += run.received;
    }
    const bare = { name: 'bare net', value: cpu.bare };
    const rows: Row[] = [
      { name: `bare net echo, ${CALLS} calls`, value: cpu.bare, unit: '% CPU', judgedBy: 'value' },
      {
        name: `audiosocket library echo, ${CALLS} calls`,
        value: cpu.library,
        unit: '% CPU',
        against: bare,
        judgedBy: 'ratio',
      },
      {
        name: `transport echo (8-16-8 kHz), ${CALLS} calls`,
        value: cpu.transport,
        unit: '% CPU',
        against: bare,
        judgedBy: 'ratio',
      },
      { name: 'frames echoed / sent', value: received / sent, unit: 'of due', judgedBy: 'value' },
      {
        name: 'frames sent late by the callers',
        value: late / sent,
        unit: 'of due',
        judgedBy: 'value',
        target: { max: LATE_SHARE_MAX },
      },
    ];
    return rows;
  },
};

async function runOnce(
  variant: Variant,
  progress: Progress,
): Promise<{ readonly cpuPercent: number; readonly sent: number; readonly late: number; readonly received: number }> {
  const { file, label } = SERVERS[variant];
  const what = `echo: ${label}, ${CALLS} calls`;
  return onStage(file, {}, { transport: 'audiosocket', calls: CALLS, behaviour: 'steady' }, async (stage) => {
    await progress.wait(`${what}, warming up`, WARM_UP_MS);
    const before = await stage.report();
    const cpuPercent = await cpuPercentDuring(stage.server, () => progress.wait(what, MEASURE_MS));
    const after = await stage.report();
    return {
      cpuPercent,
      sent: after.framesSent - before.framesSent,
      late: after.framesLate - before.framesLate,
      received: after.framesReceived - before.framesReceived,
    };
  });
}

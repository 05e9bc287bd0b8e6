import type { NodeEntry } from '@rapida/core';
import { z } from 'zod';
import { timeSchema, toTime } from './fields.js';

export const nodeSchema = z
  .object({
    id: z.string().describe('`NODE__ID`, or made by the first start; `single` where there is only one'),
    host: z.string(),
    version: z.string(),
    state: z
      .enum(['up', 'draining', 'lost'])
      .describe('`draining`: takes no new calls; `lost`: says nothing any more, and its calls are being closed'),
    calls: z.int().describe('With media there'),
    loopDelayMs: z.number().describe('Delay of its event loop, 99th percentile over the last seconds'),
    lateFrames: z.int().describe('Frames of sound it sent more than 20 ms after they were due, since it started'),
    startedAt: timeSchema,
    seenAt: timeSchema.describe('When it last said so'),
  })
  .meta({ id: 'Node' });

export function toNode(entry: NodeEntry): z.output<typeof nodeSchema> {
  const { nodeId, host, version, calls, loopDelayMs, lateFrames, draining, lost } = entry;
  return {
    id: nodeId,
    ...{ host, version, calls, loopDelayMs, lateFrames },
    state: lost ? 'lost' : draining ? 'draining' : 'up',
    startedAt: toTime(entry.startedAtMs),
    seenAt: toTime(entry.seenAtMs),
  };
}

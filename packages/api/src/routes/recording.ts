import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { CallUseCases } from '@rapida/calls';
import { RapidaError } from '@rapida/core';
import { z } from 'zod';
import type { ApiInstance } from '../api-instance.js';
import { type ByteRange, readRange } from '../byte-range.js';
import { errorBody } from '../error-mapping.js';
import { errorResponse, errors, fileResponse } from '../openapi.js';
import { idParams } from '../schemas/fields.js';

const MEDIA_TYPE = 'audio/wav';

/** Points of a waveform where nothing else is asked: a page is not much wider. */
const POINTS = 1_000;
const POINTS_MAX = 4_000;

const waveformSchema = z
  .object({
    durationMs: z.number(),
    caller: z.array(z.int()).describe('The peak of each stretch of the same length, 0 to 100'),
    assistant: z.array(z.int()),
  })
  .meta({ id: 'Waveform' });

/** How loud a recording is over time, so that nobody has to fetch all of it to draw it. */
export function addWaveformRoute(api: ApiInstance, calls: CallUseCases): void {
  api.get(
    '/v1/calls/:id/waveform',
    {
      config: { access: ['calls'] },
      schema: {
        tags: ['calls'],
        summary: 'How loud both sides of the recording are over time',
        operationId: 'getWaveform',
        params: idParams,
        querystring: z.object({ points: z.coerce.number().int().min(1).max(POINTS_MAX).default(POINTS) }),
        response: { 200: waveformSchema, ...errors('call_not_found', 'recording_not_found') },
      },
    },
    async ({ projectId, params, query }) => {
      const { durationMs, caller, assistant } = await calls.waveform(projectId, params.id, query.points);
      return { durationMs, caller: [...caller], assistant: [...assistant] };
    },
  );
}

/** Stereo, caller left. Of a call that runs: as far as it was written. */
export function addRecordingRoute(api: ApiInstance, calls: CallUseCases): void {
  api.get(
    '/v1/calls/:id/recording',
    {
      config: { access: ['calls'] },
      schema: {
        tags: ['calls'],
        summary: 'The recording, WAV stereo, caller left; one Range is understood',
        operationId: 'getRecording',
        params: idParams,
        response: {
          200: fileResponse('WAV', MEDIA_TYPE),
          206: fileResponse('The range of it that was asked for', MEDIA_TYPE),
          416: errorResponse('The range lies outside of it'),
          ...errors('call_not_found', 'recording_not_found'),
        },
      },
    },
    async (request, reply) => {
      const { projectId, params, headers } = request;
      const file = await openRecording(await calls.recordingPath(projectId, params.id));
      const { size } = await file.stat().catch(async (error) => {
        await file.close();
        throw error;
      });
      const range = readRange(headers.range, size);
      reply.header('accept-ranges', 'bytes');
      if (range === 'unsatisfiable') {
        await file.close();
        const error = new RapidaError('invalid_request', `The range lies outside of the ${size} bytes there are.`);
        return reply.code(416).header('content-range', `bytes */${size}`).send(errorBody(error, request.id));
      }
      const part = range === 'whole' ? { start: 0, end: size - 1 } : range;
      if (range !== 'whole') reply.code(206).header('content-range', `bytes ${part.start}-${part.end}/${size}`);
      reply
        .type(MEDIA_TYPE)
        .header('content-length', String(part.end - part.start + 1))
        .header('content-disposition', `attachment; filename="call-${params.id}.wav"`);
      return reply.send(await streamOf(file, part));
    },
  );
}

async function openRecording(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    throw new RapidaError('recording_not_found', undefined, { cause });
  }
}

/** Reads from the file whose size was asked for, whatever its path means by then. Closes it in every case. */
async function streamOf(file: FileHandle, { start, end }: ByteRange): Promise<Readable> {
  if (end >= start) return file.createReadStream({ start, end });
  await file.close();
  return Readable.from([]);
}

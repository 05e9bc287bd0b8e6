import { z } from 'zod';

export const newTestCallSchema = z
  .object({
    mode: z.enum(['microphone', 'text']).describe('`text`: what is typed is spoken into the call by a synthetic voice'),
    version: z.int().min(1).optional().describe('Of the assistant; default: the one that is live'),
    from: z.string().trim().min(1).max(256).default('browser').describe('Who is calling, for the assistant'),
  })
  .meta({ id: 'NewTestCall' });

export const testCallSchema = z
  .object({
    callId: z.string(),
    contextId: z.string(),
    path: z.string().describe('Of the WebSocket to open within a minute, below the address of this server'),
  })
  .meta({ id: 'TestCall' });

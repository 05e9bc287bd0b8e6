import { createSdkModel } from '../ai-sdk/model.js';
import { objectSchema } from '../ai-sdk/schema.js';
import type { CreateModel } from '../vendor.js';
import { isUnknownEvent } from './errors.js';
import { serverOf } from './server.js';

/** Models from before thinking could be chosen. */
const NEVER_THINKS = /claude-(2|3-(haiku|sonnet|opus|5)|instant)/;
/** Models that cannot be kept from it: the least they do is a low effort. The SDK's table of 3.0.140. */
const ALWAYS_THINKS = /claude-((sonnet|opus)-5-5|fable-5)/;

/**
 * Anthropic's Messages API (https://docs.claude.com/en/api/messages, version 2023-06-01, events as in @ai-sdk/anthropic 3.0.140).
 * Instructions and tools are marked for the cache: each turn after the first reads them from it. The SDK drops the temperature where a
 * model refuses one.
 */
export const createModel: CreateModel<'anthropic'> = (parts, config) =>
  createSdkModel({
    provider: 'anthropic',
    server: serverOf(parts, config.baseUrl),
    sampling: config,
    order: { startsWithUser: true, answersTools: false, callId: /^[\w-]+$/ },
    schema: objectSchema,
    options: {
      anthropic: {
        // Calls of tools are yielded whole: pieces that are not yet JSON are of no use.
        toolStreaming: false,
        ...(!NEVER_THINKS.test(config.model) && { thinking: { type: 'disabled' } }),
        ...(ALWAYS_THINKS.test(config.model) && { effort: 'low' }),
      },
    },
    instructionOptions: { anthropic: { cacheControl: { type: 'ephemeral' } } },
    isUnknownEvent,
    load: async (connection) => {
      const { createAnthropic } = await import('@ai-sdk/anthropic');
      return createAnthropic(connection)(config.model);
    },
  });

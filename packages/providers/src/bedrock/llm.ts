import { createSdkModel } from '../ai-sdk/model.js';
import type { CreateModel } from '../vendor.js';
import { failureIn, translate } from './errors.js';
import { familyOf } from './families.js';
import { serverOf } from './server.js';

/**
 * Amazon Bedrock's ConverseStream (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html, events as
 * in @ai-sdk/amazon-bedrock 4.0.186).
 */
export const createModel: CreateModel<'bedrock'> = (parts, config) => {
  const { refusesTemperature, options, instructionOptions, schema } = familyOf(config.model);
  return createSdkModel({
    provider: 'bedrock',
    server: serverOf(parts, 'bedrock-runtime'),
    sampling: refusesTemperature ? { ...config, temperature: undefined } : config,
    // Some families refuse a message in which the user speaks beside the result of a tool.
    order: { startsWithUser: true, answersTools: true, callId: /^[\w-]{1,64}$/ },
    schema,
    ...(options !== undefined && { options }),
    ...(instructionOptions !== undefined && { instructionOptions }),
    accept: 'application/vnd.amazon.eventstream',
    failureIn: (event) => failureIn(event, parts.credential.secretAccessKey),
    translate,
    load: async (connection) => {
      const { createAmazonBedrock } = await import('@ai-sdk/amazon-bedrock');
      return createAmazonBedrock(connection)(config.model);
    },
  });
};

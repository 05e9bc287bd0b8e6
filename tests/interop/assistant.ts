import type { AssistantConfigInput } from '@rapida/core';
import type { ServerUnderTest } from './server-under-test.js';

export const GREETING = 'Hello, this is the office. How can I help you?';
export const HOURS = 'We are open from nine in the morning until five in the afternoon.';
/** One sentence, so that it is spoken in one piece and has a length of its own. */
export const GOODBYE = 'Thank you for your call and goodbye.';
export const NUMBER_PROMPT = 'Please enter your number with the keys.';
export const NUMBER_THANKS = 'Thank you. We will call you back.';
/** What a language model says, see the case of that name. */
export const MODEL_SENTENCES = ['Your order is ready.', 'I can not see that order now.'];
export const STORY =
  'Once upon a time there was a house on a hill, and in the house there lived a man who had a very old telephone. ' +
  'Every morning he went to the telephone and waited for somebody to call him, and every evening he went to bed again. ' +
  'One day the telephone rang, and it was his sister, who wanted to know how he was and what he had done all the years.';

export const ANNOUNCED = 'One moment, please.';
export const NOT_CONNECTED = 'I am sorry, I could not connect you.';
/** What an assistant says when its call is taken up again by another node. */
export const RESUMED = 'Sorry, I lost you for a moment.';
/** Where transfers may lead: to a phone, and to a place that no dialplan has. */
export const RECEPTION_TARGET = 'reception,s,1';
export const NOWHERE_TARGET = 'nowhere,s,1';
export const TRANSFER_TARGETS = [RECEPTION_TARGET, NOWHERE_TARGET, 'again,s,1'];

/** All that the assistant says: what the recogniser of the suite chooses from. */
export const SENTENCES = [
  ...[GREETING, HOURS, GOODBYE, NUMBER_PROMPT, NUMBER_THANKS, STORY, ANNOUNCED, NOT_CONNECTED, RESUMED],
  ...MODEL_SENTENCES,
];

/** Words of the dictionary only, because both recognisers hear nothing else. */
const ASSISTANT: AssistantConfigInput = {
  name: 'Interop',
  greeting: GREETING,
  dialogue: {
    intents: [
      { name: 'hours', phrases: ['when are you open', 'what are your opening hours'], reply: HOURS },
      { name: 'story', phrases: ['please tell me a story'], reply: STORY },
      {
        name: 'number',
        phrases: ['i want to leave my number'],
        collect: [{ name: 'number', kind: 'digits', prompt: NUMBER_PROMPT }],
        reply: NUMBER_THANKS,
      },
      {
        name: 'person',
        phrases: ['can i speak to a person'],
        reply: ANNOUNCED,
        action: { type: 'transfer', target: RECEPTION_TARGET },
      },
      {
        name: 'nobody',
        phrases: ['please call the other office'],
        reply: ANNOUNCED,
        action: { type: 'transfer', target: NOWHERE_TARGET },
      },
      {
        name: 'goodbye',
        phrases: ['thank you goodbye', 'goodbye'],
        reply: GOODBYE,
        action: { type: 'end_call' },
      },
    ],
  },
  transfer: { failed: NOT_CONNECTED },
  // A phone that is silent on purpose is not to be asked whether it is there.
  silence: { promptAfterMs: 120_000 },
};

export interface AssistantChoices {
  readonly name?: string;
  /** Of its voice: 1 is as usual. */
  readonly speed?: number;
  /** Of its phone deployment, beyond the targets of its transfers. */
  readonly deployment?: object;
}

/** Its id. */
export async function makeAssistant(
  server: ServerUnderTest,
  { name = 'Interop', speed = 1, deployment = {} }: AssistantChoices = {},
): Promise<string> {
  const assistant = { ...ASSISTANT, name, tts: { speed } };
  const { id } = await server.send<{ id: string }>('POST', '/v1/assistants', assistant);
  const deployed = { enabled: true, transferTargets: TRANSFER_TARGETS, ...deployment };
  await server.send('PUT', `/v1/assistants/${id}/phone-deployment`, deployed);
  return id;
}

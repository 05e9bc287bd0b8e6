import { type AssistantConfig, type AssistantConfigInput, assistantConfigSchema } from '@rapida/core';

/**
 * The assistant that is there after the first start: needs no provider key, and shows what can be done with rules -
 * answers with variables, a number read back, a transfer, a goodbye. Phrases use common words only, because the local
 * recogniser hears nothing that is not in its dictionary; numbers are words for the same reason.
 */
const FRONT_DESK: AssistantConfigInput = {
  name: 'Front desk',
  language: 'en-US',
  greeting: 'Hello, this is {{company}}. How can I help you?',
  variables: {
    company: 'the front desk',
    opening_hours: 'Monday to Friday, from nine in the morning until five in the afternoon',
    address: 'twelve Main Street, next to the station',
  },
  dialogue: {
    intents: [
      {
        name: 'opening_hours',
        phrases: [
          'what are your opening hours',
          'when are you open',
          'are you open today',
          'when do you open',
          'when do you close',
          'opening hours',
          'opening hours please',
        ],
        reply: 'We are open {{opening_hours}}.',
      },
      {
        name: 'address',
        phrases: [
          'where are you',
          'where is your office',
          'what is your address',
          'how do i find you',
          'how do i get to you',
          'address please',
        ],
        reply: 'You find us at {{address}}.',
      },
      {
        name: 'speak_to_a_person',
        phrases: [
          'i want to speak to a person',
          'can i speak to a person',
          'can i talk to someone',
          'let me talk to a human',
          'connect me with someone',
          'i need help from a person',
          'operator please',
        ],
        reply: 'One moment, please.',
        action: { type: 'transfer', target: 'reception,s,1' },
      },
      {
        name: 'leave_a_number',
        phrases: [
          'please call me back',
          'can you call me back',
          'i would like a call back',
          'i want to leave my number',
          'can i leave my number',
          'call me back please',
        ],
        collect: [
          {
            name: 'number',
            kind: 'digits',
            prompt: 'Please tell me your number, or enter it with the keys.',
            digitsMin: 4,
            digitsMax: 15,
          },
        ],
        confirm: 'I have {{number}}. Is that right?',
        reply: 'Thank you. We will call you back. Is there anything else?',
      },
      {
        name: 'nothing_else',
        phrases: ['no', 'no thank you', 'nothing else', 'that is all', 'that was all'],
        reply: 'Thank you for your call. Goodbye.',
        action: { type: 'end_call' },
      },
      {
        name: 'goodbye',
        phrases: ['goodbye', 'bye', 'bye bye', 'thank you goodbye', 'thanks bye', 'thank you', 'thanks', 'many thanks'],
        reply: 'Thank you for your call. Goodbye.',
        action: { type: 'end_call' },
      },
    ],
    help: 'You can ask for our opening hours, for our address, leave your number, or speak to a person.',
  },
};

export const frontDeskConfig: AssistantConfig = assistantConfigSchema.parse(FRONT_DESK);

import type { FakeAnswer } from '../../wire/testing/fake-http.js';

/** What the servers of language models have in common beside HTTP. */

/** Server-sent events that name their type twice, as Anthropic and OpenAI's Responses do. */
export function typedEvents(events: readonly { readonly type: string }[]): FakeAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8' },
    body: events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''),
  };
}

/** The first that is not undefined: rules of a vendor in the order in which it looks at them. */
export function firstOf<T>(...found: readonly (T | undefined)[]): T | undefined {
  return found.find((one) => one !== undefined);
}

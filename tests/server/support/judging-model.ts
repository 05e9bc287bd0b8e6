import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A language model with OpenAI's API that hangs, or answers everything with one text. */
export class JudgingModel {
  readonly baseUrl: string;
  /** Bodies of the requests, in order. */
  readonly asked: string[] = [];
  /** Undefined: whoever asks waits. */
  answer: string | undefined;
  readonly #close: () => Promise<void>;

  private constructor(port: number, close: () => Promise<void>) {
    this.baseUrl = `http://127.0.0.1:${port}/v1`;
    this.#close = close;
  }

  static async start(): Promise<JudgingModel> {
    const server = createServer(async (request, response) => {
      model.asked.push(Buffer.concat(await request.toArray()).toString('utf8'));
      if (model.answer !== undefined) stream(response, model.answer);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const model = new JudgingModel((server.address() as AddressInfo).port, async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return model;
  }

  close(): Promise<void> {
    return this.#close();
  }
}

function stream(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const chunk = (delta: object, finish: string | null) =>
    `data: ${JSON.stringify({
      ...{ id: '1', object: 'chat.completion.chunk', created: 1, model: 'judge' },
      choices: [{ index: 0, delta, finish_reason: finish }],
    })}\n\n`;
  response.end(`${chunk({ role: 'assistant', content: text }, null)}${chunk({}, 'stop')}data: [DONE]\n\n`);
}

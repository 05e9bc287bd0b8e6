import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A webhook that takes every event. */
export class EventTaker {
  /** Type and call of each. */
  readonly told: string[] = [];
  readonly #server: Server = createServer((asked, answer) => {
    const chunks: Buffer[] = [];
    asked.on('data', (chunk: Buffer) => chunks.push(chunk));
    asked.on('end', () => {
      const { type, callId } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, string>;
      this.told.push(`${type} ${callId}`);
      answer.writeHead(204).end();
    });
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/events`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

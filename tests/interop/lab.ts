import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeAssistant } from './assistant.js';
import { Asterisk } from './asterisk.js';
import { callers } from './asterisk-configuration.js';
import type { SharedFolder } from './certificates.js';
import { type Configuration, configurationFor, type Line, targetOf } from './dialplan.js';
import { type ServerOptions, ServerUnderTest } from './server-under-test.js';
import type { Codec } from './sip-phone/sdp.js';
import { SipPhone } from './sip-phone/sip-phone.js';
import { TestCall } from './test-call.js';
import type { Voice } from './voice.js';

type Stop = () => Promise<void>;

/** What a case may use. Everything it starts through this is stopped when the case is over. */
export class Lab {
  readonly root: string;
  readonly voice: Voice;
  readonly #stops: Stop[] = [];
  readonly #measured: (what: string, figure: string) => void;
  readonly #servers: ServerUnderTest[] = [];
  #asterisk: Asterisk | undefined;

  constructor(root: string, voice: Voice, measured: (what: string, figure: string) => void) {
    this.root = root;
    this.voice = voice;
    this.#measured = measured;
  }

  /** A line of the report: this has been shown. */
  measured(what: string, figure: string): void {
    this.#measured(what, figure);
  }

  async server(options: ServerOptions = {}): Promise<ServerUnderTest> {
    const server = await ServerUnderTest.start(options);
    this.#servers.push(server);
    this.#stops.push(() => server.stop());
    return server;
  }

  /** Asterisk with the configuration under test, a phone that calls into it, and what else a case needs. */
  async exchange(
    { context, files }: Configuration,
    more: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly asterisk: Asterisk; readonly phone: SipPhone }> {
    const all: Record<string, string> = { 'pjsip.conf': callers(context) };
    for (const part of [files, more]) {
      for (const [name, text] of Object.entries(part)) all[name] = `${all[name] ?? ''}${text}`;
    }
    const asterisk = await Asterisk.start({ root: this.root, files: all });
    this.#asterisk = asterisk;
    this.#stops.push(() => asterisk.stop());
    const phone = await SipPhone.open(asterisk.sipPort);
    this.#stops.push(() => phone.close());
    return { asterisk, phone };
  }

  /** A new folder for files that Asterisk reads, by its path here and by the one inside. */
  folderInRoot(): SharedFolder {
    const outside = mkdtempSync(join(this.root, 'rapida-interop-files-'));
    this.#stops.push(async () => rmSync(outside, { recursive: true, force: true }));
    return { outside, inside: outside.slice(this.root.length) };
  }

  /** For what a case makes itself. */
  stopLater(stop: Stop): void {
    this.#stops.push(stop);
  }

  /** The usual case: one server, its assistant, one Asterisk, one phone. */
  async line(line: Line, { speed }: { readonly speed?: number } = {}) {
    const server = await this.server();
    const assistantId = await makeAssistant(server, { ...(speed !== undefined && { speed }) });
    const { asterisk, phone } = await this.exchange(configurationFor(line, [targetOf(server, assistantId)]));
    const dial = (codec: Codec = 'PCMU') => TestCall.dial({ server, asterisk, phone, voice: this.voice, codec });
    return { server, assistantId, asterisk, phone, dial };
  }

  /** File name to text, for a case that failed: the logs, and the configuration of Asterisk. */
  logs(): Record<string, string> {
    const servers = this.#servers.map((server, index) => [`server-${index + 1}.log`, server.log]);
    const configuration = this.#asterisk?.configuration() ?? {};
    return { 'asterisk.log': this.#asterisk?.log() ?? '', ...Object.fromEntries(servers), ...configuration };
  }

  async close(): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) await stop();
  }
}

/** One event stream. */
export interface EventSink {
  send(text: string): void;
}

interface Application {
  sink: EventSink | undefined;
  subscribeAll: boolean;
  readonly sources: Set<string>;
}

export type EventFields = Readonly<Record<string, unknown>>;

/** Who hears what: each application has one stream at most, and hears the sources it is subscribed to. */
export class Applications {
  readonly #timestamp: () => string;
  readonly #byName = new Map<string, Application>();

  constructor(timestamp: () => string) {
    this.#timestamp = timestamp;
  }

  exists(name: string): boolean {
    return this.#byName.has(name);
  }

  /** A channel can enter the application. */
  isLive(name: string): boolean {
    return this.#byName.get(name)?.sink !== undefined;
  }

  /** The newest stream wins; the older one stays open and hears nothing more. */
  attach(name: string, sink: EventSink, scope: 'all' | 'subscribed'): void {
    const application = this.#byName.get(name) ?? { sink: undefined, subscribeAll: false, sources: new Set<string>() };
    if (application.sink !== undefined)
      this.#send(name, application, 'ApplicationReplaced', { timestamp: this.#timestamp() });
    application.sink = sink;
    application.subscribeAll = scope === 'all';
    this.#byName.set(name, application);
  }

  /** Subscriptions outlive the stream; without any the application is forgotten. */
  detach(sink: EventSink): void {
    for (const [name, application] of this.#byName) {
      if (application.sink !== sink) continue;
      application.sink = undefined;
      if (application.sources.size === 0) this.#byName.delete(name);
    }
  }

  subscribe(name: string, source: string): void {
    this.#byName.get(name)?.sources.add(source);
  }

  /** False when it was not subscribed. */
  unsubscribe(name: string, source: string): boolean {
    return this.#byName.get(name)?.sources.delete(source) ?? false;
  }

  isSubscribed(name: string, source: string): boolean {
    return this.#byName.get(name)?.sources.has(source) ?? false;
  }

  /** The source is gone. */
  forget(source: string): void {
    for (const [name, application] of this.#byName) {
      application.sources.delete(source);
      if (application.sink === undefined && application.sources.size === 0) this.#byName.delete(name);
    }
  }

  tell(name: string, type: string, fields: EventFields): void {
    const application = this.#byName.get(name);
    if (application !== undefined) this.#send(name, application, type, { timestamp: this.#timestamp(), ...fields });
  }

  /**
   * Once for each subscription that covers one of the sources, as in Asterisk: who follows a channel and its endpoint hears its events twice,
   * with the same timestamp.
   */
  publish(type: string, fields: EventFields, sources: readonly string[]): void {
    const timestamp = this.#timestamp();
    for (const [name, application] of this.#byName) {
      const covering = sources.filter((source) => application.sources.has(source)).length;
      const times = application.subscribeAll ? 1 : covering;
      for (let index = 0; index < times; index += 1) this.#send(name, application, type, { timestamp, ...fields });
    }
  }

  describe(name: string): EventFields {
    const sources = [...(this.#byName.get(name)?.sources ?? [])];
    const of = (scheme: string) =>
      sources.filter((source) => source.startsWith(scheme)).map((source) => source.slice(scheme.length));
    return {
      name,
      channel_ids: of('channel:'),
      bridge_ids: of('bridge:'),
      endpoint_ids: of('endpoint:'),
      device_names: [],
      events_allowed: [],
      events_disallowed: [],
    };
  }

  clear(): void {
    this.#byName.clear();
  }

  #send(name: string, application: Application, type: string, fields: EventFields): void {
    const event = {
      type,
      timestamp: this.#timestamp(),
      ...fields,
      asterisk_id: '00:00:5e:00:53:01',
      application: name,
    };
    application.sink?.send(JSON.stringify(event));
  }
}

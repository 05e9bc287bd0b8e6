import {
  type AriAccess,
  type AriClock,
  type AriEvents,
  buildEndpoint,
  connectAriEvents,
  createAriClient,
} from './index.js';

/** Calls a number once the events can be heard, and tells how that went. */
export function callOnce(access: AriAccess, clock: AriClock, number: string, tell: (line: string) => void): AriEvents {
  const endpoint = buildEndpoint({ technology: 'PJSIP', trunk: 'trunk', number });
  const client = createAriClient({ access, clock });
  const channelId = `demo-${number}`;
  return connectAriEvents({
    access,
    app: 'demo',
    clock,
    listener: {
      async onUp({ gap }) {
        if (gap) return;
        const call = await client.originate({ endpoint, channelId, app: 'demo', timeoutSeconds: 30, variables: {} });
        if (call.ok) return;
        // `sent: false`: nothing happened. Otherwise it may ring all the same, so it is hung up.
        if (call.failure.sent) await client.hangup(channelId);
        tell(`not called: ${call.failure.kind}`);
      },
      onEvent(event) {
        if (event.type === 'StasisStart') void client.hangup(event.channel.id);
        if (event.type === 'ChannelDestroyed') tell(`${event.channel.id} ended with cause ${event.cause}`);
      },
      onDown: (failure) => tell(`no events: ${failure.kind}`),
    },
  });
}

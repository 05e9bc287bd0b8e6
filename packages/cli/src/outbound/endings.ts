import { type CallState, ERRORS } from '@rapida/core';

/** What a call's reason means, for the person at the phone system. */
const BY_REASON: Readonly<Record<string, string>> = {
  busy: 'The line is busy.',
  no_answer: 'It rang, and nobody answered in time. --ring-seconds lets it ring longer.',
  rejected: 'The other side declined the call.',
  number_unknown: 'There is no such number: the network does not know it, or wants it dialled in another form.',
  unreachable: 'The phone could not be reached: it is off or not registered, or no route leads to it. It never rang.',
  trunk_unknown: 'Asterisk has no endpoint with the name of the trunk: compare it with `pjsip show endpoints`.',
  trunk_busy:
    'The trunk has no free line, or its provider is overloaded: lower --calls-per-second or --concurrent-calls.',
  trunk_refused: "The trunk's provider refused the call: check its user and password, the caller id and the credit.",
  number_rejected: 'Asterisk or the trunk does not take the number in this form: check the prefix and the + in front.',
  codec_refused: 'The two sides have no codec in common: compare `allow` of the endpoint in Asterisk.',
  call_failed: 'The network gave the call up without saying more; the last event of the call has its cause.',
  ari_unauthorized:
    'Asterisk refused the ARI user or password: rapida credentials update, then rapida credentials test.',
  ari_unreachable: 'Asterisk does not answer on its ARI address: check ari_url, http.conf, ari.conf and that it runs.',
  ari_failed: 'Asterisk refused to place the call; the last event of the call has its words.',
  no_media:
    'The call was answered, but Asterisk did not connect its sound: check the context of the dialplan, or the media of the deployment.',
  hung_up_before_media: 'The other side answered and hung up before the sound was connected.',
  asterisk_lost: 'The connection to Asterisk was lost during the call, and with it what became of the call.',
  channel_gone: 'The other side hung up, or Asterisk ended the call.',
  cancelled: 'It was ended by hand: `rapida calls hangup`, or its API.',
  provider_failed: 'The assistant lost its speech or language engine; the log of the server says why.',
  server_shutdown: 'The server was stopped during the call.',
  server_restarted: 'The server was restarted during the call, and the call was not taken up again.',
  node_lost: 'The node that held the call died, and the call was not taken up again.',
  not_resumed: 'The server that held the call died; it was taken up again, but its sound did not come back.',
  caller_hangup: 'The other side hung up.',
  end_call: 'The assistant ended the call.',
  transfer: 'The assistant transferred the call.',
  caller_silent: 'The assistant ended the call because nothing was said.',
  call_limit: 'The call reached its longest time.',
};

const BY_STATE: Readonly<Partial<Record<CallState, string>>> = {
  cancelled: 'It was taken back before it was answered.',
  busy: 'The line is busy.',
  no_answer: 'Nobody answered.',
  rejected: 'The other side declined the call.',
  expired: 'It was answered, but its sound was never connected.',
};

/** A sentence about how a call ended; empty where the words of the record say it all. */
export function explainEnding({
  state,
  reason,
}: {
  readonly state: CallState;
  readonly reason: string | null;
}): string {
  const own = reason === null ? undefined : (BY_REASON[reason] ?? errorText(reason));
  return (state === 'cancelled' ? BY_STATE.cancelled : (own ?? BY_STATE[state])) ?? '';
}

function errorText(reason: string): string | undefined {
  const errors: Readonly<Record<string, { readonly text: string }>> = ERRORS;
  return Object.hasOwn(errors, reason) ? errors[reason]?.text : undefined;
}

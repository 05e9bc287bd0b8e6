import { VirtualClock } from '@rapida/core/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  answersAfter,
  type Behaviour,
  BUSY,
  beginsCall,
  behave,
  DECLINES,
  NOT_FOUND,
  RINGS,
  readInvitation,
  SILENT,
} from './behaviour.js';
import { RtpStream } from './rtp-stream.js';
import { SipCall } from './sip-call.js';
import { formatSip, headerOf, methodOf, parseSip, type SipMessage, statusOf, tagOf } from './sip-message.js';

const SDP = 'v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 9 RTP/AVP 0 101\r\n';

function request(method: string, { cseq = 1, toTag = '' } = {}): SipMessage {
  const lines = [
    `${method} sip:+15551234567@127.0.0.1:5062 SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK${method === 'CANCEL' ? 'INVITE' : method}${cseq}`,
    'From: "Ann" <sip:15550001@10.0.0.1>;tag=a1',
    `To: <sip:+15551234567@127.0.0.1:5062>${toTag === '' ? '' : `;tag=${toTag}`}`,
    'Call-ID: c1',
    `CSeq: ${cseq} ${method}`,
    'Contact: <sip:asterisk@127.0.0.1:5060>',
  ];
  return parseSip(`${lines.join('\r\n')}\r\n\r\n${method === 'INVITE' ? SDP : ''}`)!;
}

/** A phone that is called and does this. Nothing reaches the network but silence towards the discard port. */
async function called(behaviour: Behaviour) {
  const clock = new VirtualClock();
  const sent: SipMessage[] = [];
  const link = { clock, host: '127.0.0.1', port: 5062, send: (message: SipMessage) => void sent.push(reread(message)) };
  const rtp = await RtpStream.open(clock, '127.0.0.1');
  const peer = { host: '127.0.0.1', port: 5060 };
  const call = SipCall.receive({ link, rtp, codecs: ['PCMU'], peer }, request('INVITE'));
  onTestFinished(() => call.close());
  behave(call, behaviour);
  return { clock, sent, call, statuses: () => sent.map(statusOf) };
}

/** As it arrives at the other side. */
function reread(message: SipMessage): SipMessage {
  return parseSip(formatSip(message))!;
}

describe('a call to a phone', () => {
  it('rings, then is answered with what the phone can play', async () => {
    const { clock, sent, call, statuses } = await called(answersAfter(2_000));
    await clock.advance(1_999);
    expect(statuses()).toEqual([180]);
    await clock.advance(1);
    expect(statuses().at(-1)).toBe(200);
    expect(sent.at(-1)!.body).toContain('m=audio');
    expect(tagOf(headerOf(sent.at(-1)!, 'to'))).not.toBe('');
    expect(await call.answered).toBe(200);
  });

  it('is answered at once, without ringing', async () => {
    const { statuses } = await called({ kind: 'answer', afterMs: 0, rings: false });
    expect(statuses()).toEqual([100, 200]);
  });

  it('repeats its answer after 0.5, 1, 2, 4, 4, ... s for 32 s, and not once it is acknowledged', async () => {
    const { clock, call, statuses } = await called(answersAfter(0));
    const answers = () => statuses().filter((status) => status === 200).length;
    await clock.advance(499);
    expect(answers()).toBe(1);
    await clock.advance(3_001);
    expect(answers()).toBe(4);
    call.onMessage(request('ACK', { toTag: 'x' }));
    await clock.advance(60_000);
    expect(answers()).toBe(4);
    const never = await called(BUSY);
    await never.clock.advance(120_000);
    expect(never.statuses()).toHaveLength(1 + 10);
    expect(never.clock.pendingTimers).toBe(0);
  });

  it('says the same again when the INVITE comes again, and does not answer it for that', async () => {
    const { call, statuses } = await called(RINGS);
    call.onMessage(request('INVITE'));
    expect(statuses()).toEqual([180, 180]);
    call.accept();
    call.accept();
    call.onMessage(request('INVITE'));
    expect(statuses()).toEqual([180, 180, 200, 200]);
  });

  it.each([
    [BUSY, 486],
    [DECLINES, 603],
    [NOT_FOUND, 404],
  ])('is refused with %o', async (behaviour, status) => {
    const { call, statuses } = await called(behaviour);
    expect(statuses()).toEqual([status]);
    expect(await call.ended).toMatchObject({ by: 'refused', status });
    expect(await call.answered).toBe(status);
    call.accept();
    expect(statuses()).toEqual([status]);
  });

  it('rings for ever, and is given up with 487 in the transaction of the INVITE', async () => {
    const { clock, sent, call, statuses } = await called(RINGS);
    await clock.advance(600_000);
    expect(statuses()).toEqual([180]);
    call.onMessage(request('CANCEL'));
    expect(sent.slice(1).map((message) => [statusOf(message), methodOf(message)])).toEqual([
      [200, 'CANCEL'],
      [487, 'INVITE'],
    ]);
    expect(await call.ended).toMatchObject({ by: 'peer', status: 0 });
    expect(await call.answered).toBe(487);
  });

  it('is given up while it would have been answered later', async () => {
    const { clock, sent, call } = await called(answersAfter(5_000));
    call.onMessage(request('CANCEL'));
    call.onMessage(request('ACK', { toTag: 'x' }));
    await clock.advance(60_000);
    expect(sent.map((message) => [statusOf(message), methodOf(message)])).toEqual([
      [180, 'INVITE'],
      [200, 'CANCEL'],
      [487, 'INVITE'],
    ]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('goes on when a CANCEL comes after the answer', async () => {
    const { call, statuses } = await called(answersAfter(0));
    call.onMessage(request('CANCEL'));
    expect(statuses()).not.toContain(487);
    expect(call.end).toBeUndefined();
  });

  it('says nothing at all where the phone is silent', async () => {
    const { clock, sent } = await called(SILENT);
    await clock.advance(60_000);
    expect(sent).toEqual([]);
  });

  it('is hung up by either side', async () => {
    const ours = await called(answersAfter(0));
    ours.call.hangup();
    expect(ours.sent.at(-1)!.startLine).toBe('BYE sip:asterisk@127.0.0.1:5060 SIP/2.0');
    expect(headerOf(ours.sent.at(-1)!, 'to')).toBe('"Ann" <sip:15550001@10.0.0.1>;tag=a1');
    expect(await ours.call.ended).toMatchObject({ by: 'us' });
    const theirs = await called(answersAfter(0));
    theirs.call.onMessage(request('BYE', { cseq: 2, toTag: 'x' }));
    expect([statusOf(theirs.sent.at(-1)!), methodOf(theirs.sent.at(-1)!)]).toEqual([200, 'BYE']);
    expect(await theirs.call.ended).toMatchObject({ by: 'peer' });
  });

  it('is refused by hanging up while it rings', async () => {
    const { call, statuses } = await called(RINGS);
    call.hangup();
    call.hangup();
    expect(statuses()).toEqual([180, 480]);
  });

  it('takes a new INVITE within it, and none after its end', async () => {
    const { call, statuses } = await called(answersAfter(0));
    call.onMessage(request('ACK', { toTag: 'x' }));
    call.onMessage(request('INVITE', { cseq: 2, toTag: 'x' }));
    expect(statuses().slice(-1)).toEqual([200]);
    call.hangup();
    call.onMessage(request('INVITE', { cseq: 3, toTag: 'x' }));
    expect(statuses().slice(-1)).toEqual([481]);
  });
});

describe('an invitation', () => {
  it('names the number that was dialled and who calls', () => {
    expect(readInvitation(request('INVITE'), 7)).toEqual({
      callId: 'c1',
      called: '+15551234567',
      caller: '15550001',
      callerName: 'Ann',
      atMs: 7,
      copies: 1,
    });
  });

  it('is none within a call', () => {
    expect(beginsCall(request('INVITE'))).toBe(true);
    expect(beginsCall(request('INVITE', { cseq: 2, toTag: 'x' }))).toBe(false);
  });
});

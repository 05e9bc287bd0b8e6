import { describe, expect, it } from 'vitest';
import { generateConfiguration } from './generate.js';
import { BRANCHES, NEWEST, parseRelease, supports } from './releases.js';
import type { DialplanRequest, DialplanServer } from './request.js';

const ONE: DialplanServer = {
  host: 'one',
  httpPort: 8080,
  audiosocketPort: 4573,
  assistantId: '42',
  apiKey: 'rpd-key',
};
const TWO: DialplanServer = { ...ONE, host: 'two' };

function dialplan(request: Partial<DialplanRequest>): string[] {
  const { files } = generateConfiguration({ transport: 'audiosocket', servers: [ONE], ...request });
  return (files[0]?.text ?? '').split('\n').map((line) => line.trim());
}
const applications = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => /(?:,1|n|n\(\w+\)),(\w+)\(/.exec(line)?.[1] ?? []);
const withText = (lines: readonly string[], text: string) => lines.filter((line) => line.includes(text));

/** After each media: what was decided. */
const ASKED_NEXT = [
  'same => n,Set(NEXT=${CURL(${SERVER}/ctx/${CTX}/next?can=resume)})',
  'same => n,GotoIf($["${NEXT:0:5}" = "goto:"]?transfer)',
];
const HEARD = [
  'same => n,TryExec(AudioSocket(${CTX},one:4573))',
  ...ASKED_NEXT,
  'same => n,GotoIf($["${TRYSTATUS}:${NEXT}" =~ "^SUCCESS:(hangup|continue)"]?end)',
];

describe('the dialplan of calls that come in', () => {
  it('asks, connects, asks what comes next, in this order', () => {
    expect(dialplan({ asterisk: '22.10' })).toEqual([
      '; extensions.conf for Asterisk 22.10; then: dialplan reload',
      '[rapida-audiosocket]',
      'exten => _[+0-9s]!,1,Answer()',
      '; a withheld number is an empty one',
      'same => n,Set(FROM=${IF($[${LEN(${CALLERID(num)})} = 0]?anonymous:${CALLERID(num)})})',
      'same => n,Set(QUERY=from=${URIENCODE(${FROM})}&to=${URIENCODE(${EXTEN})}&channel_id=${URIENCODE(${UNIQUEID})})',
      '; without limits CURL() waits for ever',
      'same => n,Set(CURLOPT(conntimeout)=2)',
      'same => n,Set(CURLOPT(httptimeout)=5)',
      'same => n,Set(CURLOPT(httpheader)=x-api-key: rpd-key)',
      '; tells it of the call, then gives it the sound',
      'same => n,Set(SERVER=http://one:8080/v1/talk/asterisk)',
      'same => n,Set(CURLOPT(failurecodes)=400,401,403,404,409,429,500,502,503,504)',
      'same => n,Set(NEW=${FILTER(0-9a-f-,${CURL(${SERVER}/call/42?${QUERY})})})',
      'same => n,GotoIf($[${LEN(${NEW})} != 36]?server2)',
      'same => n,Set(CTX=${NEW})',
      ...HEARD,
      '; once more: a call whose sound was lost may come back',
      'same => n(server2),Set(SERVER=http://one:8080/v1/talk/asterisk)',
      'same => n,GotoIf($[${LEN(${CTX})} != 36]?failed)',
      'same => n,GotoIf($["${NEXT}" = "resume"]?resume2)',
      ...ASKED_NEXT,
      'same => n,GotoIf($["${NEXT}" =~ "^(hangup|continue)"]?end)',
      'same => n,GotoIf($["${NEXT}" = "begin"]?failed)',
      'same => n,GotoIf($["${NEXT}" != "resume"]?server3)',
      'same => n(resume2),Set(CURLOPT(failurecodes)=400,401,403,404,409,429,500,502,503,504)',
      'same => n,Set(AGAIN=${FILTER(0-9a-f-,${CURL(${SERVER}/call/42?${QUERY}&resume=${CTX})})})',
      'same => n,GotoIf($["${AGAIN}" != "${CTX}"]?server3)',
      ...HEARD,
      '; once more: a call whose sound was lost may come back',
      'same => n(server3),Set(SERVER=http://one:8080/v1/talk/asterisk)',
      'same => n,Wait(2)',
      'same => n,GotoIf($[${LEN(${CTX})} != 36]?failed)',
      ...ASKED_NEXT,
      'same => n,GotoIf($["${NEXT}" =~ "^(hangup|continue)"]?end)',
      'same => n,GotoIf($["${NEXT}" = "begin"]?failed)',
      'same => n,GotoIf($["${NEXT}" != "resume"]?server4)',
      'same => n,Set(CURLOPT(failurecodes)=400,401,403,404,409,429,500,502,503,504)',
      'same => n,Set(AGAIN=${FILTER(0-9a-f-,${CURL(${SERVER}/call/42?${QUERY}&resume=${CTX})})})',
      'same => n,GotoIf($["${AGAIN}" != "${CTX}"]?server4)',
      ...HEARD,
      '; once more: a call whose sound was lost may come back',
      'same => n(server4),Set(SERVER=http://one:8080/v1/talk/asterisk)',
      'same => n,Wait(4)',
      'same => n,GotoIf($[${LEN(${CTX})} != 36]?failed)',
      ...ASKED_NEXT,
      'same => n,GotoIf($["${NEXT}" =~ "^(hangup|continue)"]?end)',
      'same => n,GotoIf($["${NEXT}" != "resume"]?failed)',
      'same => n,Set(CURLOPT(failurecodes)=400,401,403,404,409,429,500,502,503,504)',
      'same => n,Set(AGAIN=${FILTER(0-9a-f-,${CURL(${SERVER}/call/42?${QUERY}&resume=${CTX})})})',
      'same => n,GotoIf($["${AGAIN}" != "${CTX}"]?failed)',
      ...HEARD,
      'same => n(failed),Playback(sorry-youre-having-problems)',
      'same => n(end),Hangup()',
      '; the assistant transfers: NEXT is goto:context,extension,priority; at hangup it is told what became of it',
      'same => n(transfer),Set(CHANNEL(hangup_handler_push)=rapida-audiosocket,transferred,1)',
      'same => n,Set(DIALSTATUS=${IF(${DIALPLAN_EXISTS(${NEXT:5})}?:NOEXTEN)})',
      'same => n,GotoIf($["${DIALSTATUS}" = ""]?${NEXT:5}:failed)',
      'exten => transferred,1,Set(TOLD=${CURL(${SERVER}/ctx/${CTX}/event?type=transfer_result&dialstatus=${DIALSTATUS})})',
      'same => n,Return()',
      '',
    ]);
  });

  it('sends the key in a header; in the URL only when asked to, or where CURL() knows no headers', () => {
    expect(withText(dialplan({}), 'rpd-key')).toEqual(['same => n,Set(CURLOPT(httpheader)=x-api-key: rpd-key)']);
    for (const request of [{ keyIn: 'url' }, { asterisk: '16.6' }] as const) {
      const lines = withText(dialplan(request), 'rpd-key');
      expect(lines).toHaveLength(4);
      expect(lines[0]).toContain('CURL(${SERVER}/call/42?${QUERY}&x-api-key=rpd-key)');
      for (const line of lines.slice(1)) {
        expect(line).toContain('CURL(${SERVER}/call/42?${QUERY}&resume=${CTX}&x-api-key=rpd-key)');
      }
    }
  });

  it('dials the channel where the application cannot be used: before it returns, and for 16 kHz', () => {
    expect(withText(dialplan({ asterisk: '22.3' }), 'AudioSocket(')).toEqual([]);
    expect(dialplan({ asterisk: '22.3' })).toContain('same => n,Dial(AudioSocket/one:4573/${CTX}/c(slin),5,g)');
    expect(dialplan({ format: 'slin16' })).toContain('same => n,Dial(AudioSocket/one:4573/${CTX}/c(slin16),5,g)');
    expect(withText(dialplan({ asterisk: '22.3' }), 'TRYSTATUS')).toEqual([]);
  });

  it('gives the WebSocket channel its codec, its form of control and v() on every Dial', () => {
    const websocket = { transport: 'websocket', servers: [ONE, TWO] } as const;
    expect(withText(dialplan(websocket), 'Dial(')).toEqual([
      'same => n,Dial(WebSocket/rapida-1/c(ulaw)f(json)v(contextId=${URIENCODE(${CTX})}),5,g)',
      'same => n,Dial(WebSocket/rapida-2/c(ulaw)f(json)v(contextId=${URIENCODE(${CTX})}),5,g)',
      'same => n,Dial(WebSocket/rapida-1/c(ulaw)f(json)v(contextId=${URIENCODE(${CTX})}),5,g)',
      'same => n,Dial(WebSocket/rapida-2/c(ulaw)f(json)v(contextId=${URIENCODE(${CTX})}),5,g)',
    ]);
    const plain = withText(dialplan({ transport: 'websocket', format: 'slin16', control: 'plain-text' }), 'Dial(');
    expect(new Set(plain)).toEqual(
      new Set(['same => n,Dial(WebSocket/rapida/c(slin16)f(plain-text)v(contextId=${URIENCODE(${CTX})}),5,g)']),
    );
    expect(new Set(withText(dialplan({ transport: 'websocket', asterisk: '22.6' }), 'Dial('))).toEqual(
      new Set(['same => n,Dial(WebSocket/rapida/c(slin)v(contextId=${URIENCODE(${CTX})}),5,g)']),
    );
  });

  it('tells CURL() of a private authority where it can be told', () => {
    const https = { scheme: 'https', caFile: '/etc/ai-ca.pem' } as const;
    expect(dialplan(https)).toContain('same => n,Set(CURLOPT(ssl_cainfo)=/etc/ai-ca.pem)');
    expect(withText(dialplan({ ...https, asterisk: '18' }), 'ssl_cainfo')).toEqual([]);
    expect(withText(dialplan({ caFile: '/etc/ai-ca.pem' }), 'ssl_cainfo')).toEqual([]);
  });
});

describe('several servers', () => {
  const lines = dialplan({ servers: [ONE, TWO] });
  const after = (label: string, text: string) => {
    const from = lines.findIndex((line) => line.includes(`n(${label}),`));
    return lines.slice(from).find((line) => line.includes(text));
  };

  it('come one after the other, and once more for calls that have begun', () => {
    expect(withText(lines, 'Set(SERVER=')).toEqual([
      'same => n,Set(SERVER=http://one:8080/v1/talk/asterisk)',
      'same => n(server2),Set(SERVER=http://two:8080/v1/talk/asterisk)',
      'same => n(server3),Set(SERVER=http://one:8080/v1/talk/asterisk)',
      'same => n(server4),Set(SERVER=http://two:8080/v1/talk/asterisk)',
    ]);
    expect(withText(lines, 'TryExec(').map((line) => /one|two/.exec(line)?.[0])).toEqual(['one', 'two', 'one', 'two']);
    expect(withText(lines, 'Wait(')).toEqual([]);
  });

  it('register a call once at each, and what is refused leads to the next, the last one to the sorry', () => {
    expect(withText(lines, 'Set(NEW=')).toHaveLength(2);
    expect(withText(lines, '${LEN(${NEW})} != 36')).toEqual([
      'same => n,GotoIf($[${LEN(${NEW})} != 36]?server2)',
      'same => n,GotoIf($[${LEN(${NEW})} != 36]?server3)',
    ]);
    expect(after('server3', '${LEN(${CTX})} != 36')).toBe('same => n,GotoIf($[${LEN(${CTX})} != 36]?failed)');
    expect(after('server4', '!= "resume"')).toBe('same => n,GotoIf($["${NEXT}" != "resume"]?failed)');
  });

  it('take a call up again that has begun, at the next that knows it, with its own context id', () => {
    expect(after('server2', '${LEN(${CTX})}')).toBe('same => n,GotoIf($[${LEN(${CTX})} != 36]?begin2)');
    expect(after('server2', '/next')).toBe('same => n,Set(NEXT=${CURL(${SERVER}/ctx/${CTX}/next?can=resume)})');
    expect(after('server2', '= "begin"')).toBe('same => n,GotoIf($["${NEXT}" = "begin"]?begin2)');
    expect(after('server2', '!= "resume"')).toBe('same => n,GotoIf($["${NEXT}" != "resume"]?server3)');
    expect(after('server2', 'AGAIN=')).toBe(
      'same => n,Set(AGAIN=${FILTER(0-9a-f-,${CURL(${SERVER}/call/42?${QUERY}&resume=${CTX})})})',
    );
    expect(after('server2', '"${AGAIN}"')).toBe('same => n,GotoIf($["${AGAIN}" != "${CTX}"]?server3)');
    expect(after('server2', 'Goto(')).toBe('same => n,Goto(media2)');
    expect(after('media2', 'TryExec(')).toBe('same => n(media2),TryExec(AudioSocket(${CTX},two:4573))');
  });

  it('do what was decided of a call, wherever that is known, and neither go on with it nor begin another', () => {
    for (const server of ['server2', 'server3', 'server4']) {
      expect(after(server, '"goto:"')).toBe('same => n,GotoIf($["${NEXT:0:5}" = "goto:"]?transfer)');
      expect(after(server, '=~')).toBe('same => n,GotoIf($["${NEXT}" =~ "^(hangup|continue)"]?end)');
    }
  });

  it('keep the context id of a call while one after the other registers none', () => {
    expect(withText(lines, 'Set(CTX=')).toEqual(['same => n,Set(CTX=${NEW})', 'same => n,Set(CTX=${NEW})']);
  });

  it('are where a call that is placed looks for one that knows it, registering nothing and without a key', () => {
    const outbound = dialplan({ direction: 'outbound', servers: [ONE, TWO] });
    expect(outbound[1]).toBe('[rapida-outbound]');
    expect(withText(outbound, '/call/')).toEqual([]);
    expect(withText(outbound, 'rpd-key')).toEqual([]);
    expect(withText(outbound, 'TryExec(')).toHaveLength(4);
    const asked = 'same => n,Set(AGAIN=${FILTER(0-9a-f-,${CURL(${SERVER}/ctx/${CTX}/resume)})})';
    expect(withText(outbound, 'AGAIN=')).toEqual([asked, asked, asked]);
  });
});

/** Every request that any release can be asked for. */
const EVERY: DialplanRequest[] = BRANCHES.flatMap((branch) =>
  [NEWEST[branch], `${branch}.0`, `${branch}.6`, `${branch}.8`, `${branch}.16`].flatMap((asterisk) =>
    (['audiosocket', 'websocket'] as const).flatMap((transport) =>
      (['inbound', 'outbound', 'both'] as const).flatMap((direction) =>
        (['header', 'url'] as const).flatMap((keyIn) =>
          [[ONE], [ONE, TWO]].map((servers) => ({ asterisk, transport, direction, keyIn, servers })),
        ),
      ),
    ),
  ),
);
const POSSIBLE = EVERY.filter(
  ({ asterisk = '', transport }) => transport === 'audiosocket' || supports(parseRelease(asterisk), 'chanWebSocket'),
);

describe('for every release', () => {
  it('a WebSocket is refused where there is none, and AudioSocket recommended', () => {
    const impossible = EVERY.filter((request) => !POSSIBLE.includes(request));
    expect(impossible.length).toBeGreaterThan(50);
    for (const request of impossible) {
      expect(() => generateConfiguration(request)).toThrow(
        /has no WebSocket channel .*: use the transport audiosocket/,
      );
    }
  });

  it('nothing is used that it does not have', () => {
    for (const request of POSSIBLE) {
      const release = parseRelease(request.asterisk ?? '');
      const { files } = generateConfiguration(request);
      const text = files.map((file) => file.text).join('\n');
      const uses = {
        curlHeader: text.includes('CURLOPT(httpheader)'),
        curlFailureCodes: text.includes('CURLOPT(failurecodes)'),
        chanWebSocket: text.includes('WebSocket/'),
        jsonControl: /f\((json|plain-text)\)/.test(text) || files.some(({ name }) => name === 'chan_websocket.conf'),
        audiosocketReturns: text.includes('AudioSocket('),
      } as const;
      for (const [feature, used] of Object.entries(uses)) {
        const able = supports(release, feature as keyof typeof uses);
        expect(!used || able, `${request.asterisk} ${feature}`).toBe(true);
      }
    }
  });

  it('what it lacks of what was asked for is said', () => {
    const notes = (request: Partial<DialplanRequest>) =>
      generateConfiguration({ transport: 'audiosocket', servers: [ONE], ...request }).notes.join('\n');
    expect(notes({ asterisk: '16' })).toContain('Asterisk 16.30.1: AudioSocket is not part of Asterisk 16 and 17');
    expect(notes({ asterisk: '18' })).toContain('so Dial(AudioSocket/...) is used');
    expect(notes({ asterisk: '22.9' })).toContain('comfort-noise');
    expect(notes({ asterisk: '22.10' })).not.toContain('Asterisk 22');
    expect(notes({ asterisk: '22.5', format: 'slin16' })).toContain('8 kHz only: slin is used');
    expect(notes({ asterisk: '22.6', transport: 'websocket' })).toContain('plain text is used');
    expect(notes({ asterisk: '22.8', transport: 'websocket' })).toContain('loud noise');
    expect(notes({ asterisk: '17.0' })).toContain('CURL() cannot send a header');
    expect(notes({ asterisk: '18.0' })).toContain('body of an error page');
    expect(notes({ asterisk: '20.11', scheme: 'https', caFile: '/ca.pem' })).toContain('update-ca-certificates');
    expect(notes({ asterisk: '22', transport: 'websocket' })).toBe('');
  });

  it('every jump lands, none goes back, every wait is bounded and every way ends', () => {
    for (const request of POSSIBLE) {
      const contexts = (generateConfiguration(request).files[0]?.text ?? '').split(/^\[/m).slice(1);
      for (const lines of contexts.map((context) => context.split('\n'))) {
        const at = (label: string) => lines.findIndex((line) => line.includes(`n(${label}),`));
        lines.forEach((line, index) => {
          const [, label] = /(?:\?|Goto\()(\w+)\)$/.exec(line) ?? [];
          if (label !== undefined) expect(at(label), `${label} from ${line}`).toBeGreaterThan(index);
        });
        const limits = lines.findIndex((line) => line.includes('CURLOPT(httptimeout)'));
        expect(lines.findIndex((line) => line.includes('CURLOPT(conntimeout)'))).toBeLessThan(limits);
        expect(lines.findIndex((line) => line.includes('${CURL('))).toBeGreaterThan(limits);
        expect(lines.filter((line) => / Dial\(/.test(line) && !/,5,g\)$/.test(line))).toEqual([]);
        const last = ['Playback', 'Hangup', 'Set', 'Set', 'GotoIf', 'Set', 'Return'];
        expect(applications(lines).slice(-last.length)).toEqual(last);
        const [own] = /^[\w-]+/.exec(lines[0] ?? '') ?? [];
        expect(lines.filter((line) => line.includes(`hangup_handler_push)=${own},transferred,1`))).toHaveLength(1);
        expect(lines.filter((line) => line.includes('v(')).length).toBe(
          lines.filter((line) => line.includes('WebSocket/')).length,
        );
      }
    }
  });
});

it('AudioSocket carries signed linear only', () => {
  for (const format of ['ulaw', 'alaw'] as const) {
    expect(() => dialplan({ format })).toThrow(`format: AudioSocket carries slin or slin16, not ${format}`);
  }
});

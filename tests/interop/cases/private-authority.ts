import { GREETING, makeAssistant } from '../assistant.js';
import { makeCertificates } from '../certificates.js';
import { configurationFor, describeLine, type Line, targetOf } from '../dialplan.js';
import { ms } from '../figures.js';
import type { Lab } from '../lab.js';
import { TestCall } from '../test-call.js';
import { assert } from '../wait.js';
import type { Case } from './case.js';

/** https and wss with a certificate of a private authority: trusted where it is named, refused where it is not. */
export function privateAuthority(line: Line): Case {
  return {
    name: `${describeLine(line)}: TLS with a private certificate authority`,
    async run(lab: Lab) {
      const folder = lab.folderInRoot();
      const tls = await makeCertificates(lab.root, folder);
      const server = await lab.server({ tls });
      const target = { ...targetOf(server, await makeAssistant(server)), host: 'localhost' };
      const caFile = `${folder.inside}/ca.pem`;
      const trusting = await lab.exchange(configurationFor(line, [target], { scheme: 'https', caFile }));
      const call = await TestCall.dial({ server, ...trusting, voice: lab.voice, codec: 'PCMU' });
      const greeting = await call.listenFor(GREETING, call.answeredMs);
      call.sip.hangup();
      await call.leavesNothing();
      lab.measured('trusted where it is named', `greeting heard ${ms(greeting.afterMs)} after the answer`);

      const careful = await lab.exchange(configurationFor(line, [target], { scheme: 'https' }));
      const refused = await TestCall.dial({ server, ...careful, voice: lab.voice, codec: 'PCMU' });
      await refused.ended(30_000);
      const played = /Playing '([^']+)'/.exec(careful.asterisk.log())?.[1];
      assert(played !== undefined, 'no apology where the authority is unknown');
      assert(
        (await server.metric('rapida_calls_registered_total')) === 1,
        'the server took a call over an untrusted line',
      );
      lab.measured('refused where it is not', `error branch (${played})`);
    },
  };
}

import type { Line } from '../dialplan.js';
import type { Way } from '../outbound-line.js';
import type { Stage } from './case.js';
import { conversation } from './conversation.js';
import { callerGivesUp, callerHangsUp, serverHangsUp } from './hangup.js';
import { killedNode } from './killed-node.js';
import { languageModel, toolAtPrivateName } from './language-model.js';
import { postgresLost, redisLost } from './lost-store.js';
import { manyCalls } from './many-calls.js';
import { monologue } from './monologue.js';
import { outboundConversation, outboundHangup } from './outbound-answered.js';
import { asteriskRestarts, serverIsKilled } from './outbound-interrupted.js';
import { outboundMany } from './outbound-many.js';
import { outboundOutcomes, outboundTroubles } from './outbound-outcomes.js';
import { partition } from './partition.js';
import { privateAuthority } from './private-authority.js';
import { rollingRestart } from './rolling-restart.js';
import { silentPhone } from './silent-phone.js';
import { stasisGivesUp, stasisInbound } from './stasis-inbound.js';
import { outboundTransfer, stasisTransfer, transfer } from './transfer.js';
import { failover, serverDies, troubles } from './trouble.js';

const audiosocket = (format: Line['format']): Line => ({ transport: 'audiosocket', control: 'json', format });
const websocket = (control: Line['control'], format: Line['format']): Line => ({
  transport: 'websocket',
  control,
  format,
});
const FORMATS = ['ulaw', 'alaw', 'slin', 'slin16'] as const;
/** One line of each kind for what does not depend on the format. */
const KINDS = [audiosocket('slin'), websocket('json', 'ulaw'), websocket('plain-text', 'slin')];
const TRANSPORTS = [audiosocket('slin'), websocket('json', 'ulaw')];
const through = (mode: Way['mode']) => (line: Line) => ({ ...line, mode });
const WAYS: readonly Way[] = [...TRANSPORTS.map(through('dialplan')), ...TRANSPORTS.map(through('stasis'))];
/** Either mode and either transport once, for what depends on one of them at most. */
const DIAGONAL: readonly Way[] = [
  { ...audiosocket('slin'), mode: 'dialplan' },
  { ...websocket('json', 'ulaw'), mode: 'stasis' },
];

export const STAGES: readonly Stage[] = [
  {
    // A call waits more than it computes: two processors carry a few at once without disturbing what is measured.
    atOnce: 3,
    cases: [
      conversation(audiosocket('slin'), 'PCMU'),
      conversation(audiosocket('slin16'), 'PCMA'),
      ...FORMATS.map((format) => conversation(websocket('json', format), 'PCMU')),
      ...FORMATS.map((format) => conversation(websocket('plain-text', format), 'PCMA')),
      ...TRANSPORTS.map(callerGivesUp),
      ...KINDS.map(callerHangsUp),
      ...KINDS.map(serverHangsUp),
      ...KINDS.map(silentPhone),
      ...KINDS.map(transfer),
      ...TRANSPORTS.map(languageModel),
      ...TRANSPORTS.map(toolAtPrivateName),
      ...TRANSPORTS.flatMap(troubles),
      ...TRANSPORTS.map(serverDies),
      ...TRANSPORTS.map(failover),
      ...TRANSPORTS.map(privateAuthority),
      ...WAYS.map(outboundConversation),
      outboundConversation({ ...audiosocket('slin16'), mode: 'stasis' }),
      outboundConversation({ ...websocket('plain-text', 'slin16'), mode: 'stasis' }),
      ...WAYS.map(outboundHangup),
      ...WAYS.map(serverIsKilled),
      ...DIAGONAL.map(outboundOutcomes),
      ...DIAGONAL.map(outboundTroubles),
      ...DIAGONAL.map(asteriskRestarts),
      ...TRANSPORTS.map(stasisInbound),
      ...TRANSPORTS.map(stasisGivesUp),
      ...TRANSPORTS.map(stasisTransfer),
      ...DIAGONAL.map(outboundTransfer),
    ],
  },
  { atOnce: 2, cases: TRANSPORTS.map(monologue) },
  { atOnce: 1, cases: [...TRANSPORTS.map(manyCalls), ...DIAGONAL.map(outboundMany)] },
  // Three nodes and what they have in common.
  { atOnce: 1, cases: [rollingRestart, killedNode, redisLost, postgresLost, partition] },
];

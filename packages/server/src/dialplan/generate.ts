import { dialplanText, inboundContext } from './dialplan.js';
import { ariText, chanWebSocketText, httpText, modulesText, webSocketClientText } from './other-files.js';
import { type Plan, planFor } from './plan.js';
import { releaseName } from './releases.js';
import type { DialplanRequest } from './request.js';

export interface ConfigurationFile {
  /** `extensions.conf`, for FreePBX `extensions_custom.conf`, ... */
  readonly name: string;
  readonly text: string;
}

export interface GeneratedConfiguration {
  /** extensions.conf first. Every file can stand alone, or be appended to one of that name. */
  readonly files: readonly ConfigurationFile[];
  /** What this release cannot do, and what is left for the owner. */
  readonly notes: readonly string[];
}

/**
 * Everything Asterisk needs to talk to these servers. The contexts are `rapida-audiosocket` or `rapida-websocket` for calls
 * that come in, `rapida-outbound` for calls that are placed. Pure. Fails with `invalid_request` where a value is malformed
 * (nothing can be smuggled into a dialplan), or where the release cannot do what is asked for; what it can nearly do is
 * done, and said in `notes`.
 */
export function generateConfiguration(request: DialplanRequest): GeneratedConfiguration {
  const plan = planFor(request);
  const write = plan.layout === 'freepbx' ? freePbxFile : asteriskFile;
  return { files: contents(plan).flatMap(([file, text]) => write(plan, file, text)), notes: plan.notes };
}

type File = 'extensions' | 'websocket_client' | 'chan_websocket' | 'ari' | 'http' | 'modules';

function contents(plan: Plan): [File, string][] {
  const files: [File, string][] = [['extensions', dialplanText(plan)]];
  if (plan.transport === 'websocket') files.push(['websocket_client', webSocketClientText(plan)]);
  if (plan.control !== undefined) files.push(['chan_websocket', chanWebSocketText(plan.control)]);
  if (plan.directions.includes('outbound')) files.push(['ari', ariText(plan)], ['http', httpText()]);
  files.push(['modules', modulesText(plan)]);
  return files;
}

const ASTERISK: Readonly<Record<File, string>> = {
  extensions: 'then: dialplan reload',
  websocket_client: 'then: module reload res_websocket_client.so',
  chan_websocket: 'then: module reload chan_websocket.so',
  ari: 'then: module reload res_ari.so',
  http: 'then: module reload http',
  modules: 'only where it says autoload = no; then restart Asterisk',
};

function asteriskFile({ release }: Plan, file: File, text: string): ConfigurationFile[] {
  const opening = comments(`${file}.conf for Asterisk ${releaseName(release)}; ${ASTERISK[file]}`);
  return [{ name: `${file}.conf`, text: `${opening}${text}` }];
}

interface FreePbxFile {
  readonly name: string;
  readonly how: readonly string[];
}

/** http.conf and modules.conf FreePBX writes itself, from its settings. */
const FREEPBX: Readonly<Partial<Record<File, FreePbxFile>>> = {
  extensions: {
    name: 'extensions_custom.conf',
    how: ['append it to /etc/asterisk/extensions_custom.conf, then: fwconsole reload'],
  },
  websocket_client: ownInclude('websocket_client'),
  chan_websocket: ownInclude('chan_websocket'),
  ari: {
    name: 'ari_additional_custom.conf',
    how: ['append it to /etc/asterisk/ari_additional_custom.conf, then: fwconsole reload'],
  },
};

/** FreePBX knows nothing of these files, neither for good nor for bad. */
function ownInclude(file: File): FreePbxFile {
  const name = `${file}_custom.conf`;
  return {
    name,
    how: [
      `put it into /etc/asterisk, and this line into /etc/asterisk/${file}.conf: #include ${name}`,
      'then: fwconsole restart',
    ],
  };
}

function freePbxFile(plan: Plan, file: File, text: string): ConfigurationFile[] {
  const target = FREEPBX[file];
  if (target === undefined) return [];
  const reach = file === 'extensions' && plan.directions.includes('inbound') ? freePbxReach(plan) : [];
  const opening = comments(`${file}.conf for Asterisk ${releaseName(plan.release)}, FreePBX`, ...target.how, ...reach);
  return [{ name: target.name, text: `${opening}${text}` }];
}

function freePbxReach(plan: Plan): string[] {
  const context = inboundContext(plan);
  return [
    `Admin > Custom Destinations: Target ${context},s,1 - then send an Inbound Route or an IVR there.`,
    'To reach it from a phone of the PBX, put these two lines into the same file:',
    '  [from-internal-custom]',
    `  exten => 4600,1,Goto(${context},\${EXTEN},1)`,
  ];
}

function comments(...all: readonly string[]): string {
  return all.map((line) => `; ${line}\n`).join('');
}

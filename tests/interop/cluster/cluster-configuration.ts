import { type Configuration, configurationFor, type Line, type Target } from '../dialplan.js';

const AUDIOSOCKET: Line = { transport: 'audiosocket', control: 'json', format: 'slin' };
const WEBSOCKET: Line = { transport: 'websocket', control: 'json', format: 'ulaw' };

/** Numbers of the house: each reaches the nodes by one transport, and tries them in one order. */
export const REACHES = {
  /** AudioSocket, nodes 1, 2, 3. */
  sound1: '100',
  /** AudioSocket, nodes 2, 3, 1. */
  sound2: '200',
  /** WebSocket, nodes 1, 2, 3. */
  socket1: '300',
  /** WebSocket, nodes 3, 1, 2. */
  socket3: '400',
} as const;
export type Reach = (typeof REACHES)[keyof typeof REACHES];

/** Whether sound comes all the time; by WebSocket it comes when there is something to be heard. */
export function isSteady(reach: Reach): boolean {
  return reach === REACHES.sound1 || reach === REACHES.sound2;
}

/** The dialplans under test for these nodes, beside each other: which one a call takes is in the number it dials. */
export function reachedBy(targets: readonly Target[]): Configuration {
  const from = (first: number) => [...targets.slice(first - 1), ...targets.slice(0, first - 1)];
  const parts: readonly [Reach, Configuration][] = [
    [REACHES.sound1, configurationFor(AUDIOSOCKET, from(1))],
    [REACHES.sound2, renamed(configurationFor(AUDIOSOCKET, from(2)), 'second')],
    [REACHES.socket1, configurationFor(WEBSOCKET, from(1))],
    [REACHES.socket3, renamed(configurationFor(WEBSOCKET, from(3)), 'third')],
  ];
  const callers = parts.map(([reach, { context }]) => `exten => ${reach},1,Goto(${context},\${EXTEN},1)\n`);
  const files: Record<string, string> = { 'extensions.conf': `[callers]\n${callers.join('')}` };
  for (const [, part] of parts) {
    for (const [name, text] of Object.entries(part.files)) files[name] = `${files[name] ?? ''}${text}`;
  }
  files['modules.conf'] = once(files['modules.conf'] ?? '');
  files['chan_websocket.conf'] = once(files['chan_websocket.conf'] ?? '');
  return { context: 'callers', files };
}

/** Its context, and the servers in its websocket_client.conf. */
function renamed({ context, files }: Configuration, name: string): Configuration {
  const own = (text: string) =>
    text.replaceAll(context, `${context}-${name}`).replaceAll(/\brapida-(?=\d)/g, `${name}-`);
  return {
    context: `${context}-${name}`,
    files: Object.fromEntries(Object.entries(files).map(([file, text]) => [file, own(text)])),
  };
}

/** Files that say the same: each line of them once. */
function once(text: string): string {
  return [...new Set(text.split('\n'))].join('\n');
}

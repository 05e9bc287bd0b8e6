import { RapidaError } from '@rapida/core';

/** A release of Asterisk: branch, minor, patch. */
export type Release = readonly [branch: Branch, minor: number, patch: number];

/** The newest release of each branch when this table was made: what a bare branch means. */
export const NEWEST = {
  16: '16.30.1',
  17: '17.9.4',
  18: '18.26.4',
  19: '19.8.1',
  20: '20.20.1',
  21: '21.12.3',
  22: '22.10.1',
  23: '23.4.1',
} as const;

export type Branch = keyof typeof NEWEST;
export const BRANCHES = Object.keys(NEWEST).map(Number) as Branch[];

interface Feature {
  readonly title: string;
  /** The first release of each branch whose source has it; a branch that is not named never got it. */
  readonly since: Partial<Record<Branch, `${number}.${number}.${number}`>>;
  /** What it means to be without, and what to do. */
  readonly without: string;
}

const ALWAYS = { 18: '18.0.0', 19: '19.0.0', 20: '20.0.0', 21: '21.0.0', 22: '22.0.0', 23: '23.0.0' } as const;

/** What differs between releases and matters here, read from the tagged sources of Asterisk. */
export const FEATURES = {
  audiosocket: {
    title: 'AudioSocket (`app_audiosocket`, `chan_audiosocket`)',
    since: ALWAYS,
    without: 'AudioSocket is not part of Asterisk 16 and 17: build the third-party modules, or upgrade to 18 or later',
  },
  audiosocketReturns: {
    title:
      '`AudioSocket()` returns to the dialplan when the server ends it, delivers DTMF, and times out after 2 s of silence on the line',
    since: { 20: '20.14.0', 21: '21.9.0', 22: '22.4.0', 23: '23.0.0' },
    without:
      'AudioSocket() fails here even when a call ends well, so Dial(AudioSocket/...) is used; keys the caller presses are not delivered, and a server process that is killed leaves its callers in silence until they hang up',
  },
  audiosocketNoDelay: {
    title: 'AudioSocket sends at once (`TCP_NODELAY`) and waits for the rest of a split frame',
    since: { 20: '20.15.0', 21: '21.10.0', 22: '22.5.0', 23: '23.0.0' },
    without:
      'Asterisk drops a call whose AudioSocket frame arrives in two pieces: keep the server near, on a good network',
  },
  audiosocketWide: {
    title: 'AudioSocket in 16 kHz (`c(slin16)`)',
    since: { 20: '20.17.0', 21: '21.12.0', 22: '22.7.0', 23: '23.1.0' },
    without: 'AudioSocket carries 8 kHz only: slin is used',
  },
  audiosocketComfortNoise: {
    title: 'AudioSocket survives comfort noise',
    since: { 20: '20.20.0', 22: '22.10.0', 23: '23.4.0' },
    without:
      'a comfort-noise packet ends the call: switch silence suppression (VAD, CNG) off at the trunk and the phones',
  },
  chanWebSocket: {
    title: 'WebSocket channel (`chan_websocket`, `res_websocket_client`)',
    since: { 20: '20.16.0', 21: '21.11.0', 22: '22.6.0', 23: '23.0.0' },
    without: 'there is no WebSocket channel',
  },
  jsonControl: {
    title: 'WebSocket control messages in JSON (`f(json)`), with channel variables and marks',
    since: { 20: '20.18.0', 22: '22.8.0', 23: '23.2.0' },
    without: 'there are no JSON control messages: plain text is used',
  },
  cleanSilence: {
    title: 'WebSocket channel without its own, sometimes loud, silence',
    since: { 20: '20.19.0', 22: '22.9.0', 23: '23.3.0' },
    without: 'the WebSocket channel adds silence of its own that becomes loud noise when transcoded: use slin',
  },
  curlHeader: {
    title: '`CURLOPT(httpheader)`',
    since: { ...ALWAYS, 16: '16.7.0', 17: '17.1.0' },
    without: 'CURL() cannot send a header: the key is in the URL, and so in the logs of every proxy',
  },
  curlFailureCodes: {
    title: '`CURLOPT(failurecodes)`',
    since: { ...ALWAYS, 16: '16.15.0', 18: '18.1.0' },
    without: 'CURL() hands out the body of an error page; only its form tells the dialplan that it is no context id',
  },
  curlCaFile: {
    title: '`CURLOPT(ssl_cainfo)`: a private certificate authority for `CURL()`',
    since: { 20: '20.12.0', 21: '21.7.0', 22: '22.2.0', 23: '23.0.0' },
    without: "CURL() only trusts the system's certificate authorities: add yours there (update-ca-certificates)",
  },
  ariExternalMedia: {
    title: 'ARI external media (RTP)',
    since: { ...ALWAYS, 16: '16.6.0', 17: '17.1.0' },
    without: 'ARI has no external media',
  },
  ariAudioSocket: {
    title: 'ARI external media by AudioSocket',
    since: ALWAYS,
    without: 'ARI cannot make an AudioSocket channel',
  },
  ariWebSocket: {
    title: 'ARI external media by WebSocket',
    since: { 20: '20.16.0', 21: '21.11.0', 22: '22.6.0', 23: '23.0.0' },
    without: 'ARI cannot make a WebSocket channel',
  },
  ariOutboundWebSocket: {
    title: 'ARI over a connection that Asterisk opens',
    since: { 20: '20.15.0', 21: '21.10.0', 22: '22.5.0', 23: '23.0.0' },
    without: 'ARI is reached by HTTP only',
  },
} as const satisfies Record<string, Feature>;

export type FeatureName = keyof typeof FEATURES;

/** `22`, `22.10` or `20.14.0`; a bare branch is its newest release. Fails with `invalid_request`. */
export function parseRelease(text: string): Release {
  const [, branch = '', minor, patch = '0'] = /^([0-9]{1,2})(?:\.([0-9]{1,3})(?:\.([0-9]{1,3}))?)?$/.exec(text) ?? [];
  const known = BRANCHES.find((one) => String(one) === branch);
  if (known === undefined) {
    throw new RapidaError(
      'invalid_request',
      `asterisk: accepted are ${BRANCHES.join(', ')}, or a release such as 22.10`,
    );
  }
  return minor === undefined ? numbers(NEWEST[known]) : [known, Number(minor), Number(patch)];
}

export function releaseName([branch, minor, patch]: Release): string {
  return patch === 0 ? `${branch}.${minor}` : `${branch}.${minor}.${patch}`;
}

export function supports(release: Release, feature: FeatureName): boolean {
  const first = sinceIn(feature, release[0]);
  if (first === undefined) return false;
  const [, minor, patch] = numbers(first);
  return release[1] > minor || (release[1] === minor && release[2] >= patch);
}

/** The first release of a branch that has it, if any. */
export function sinceIn(feature: FeatureName, branch: Branch): string | undefined {
  const { since }: Feature = FEATURES[feature];
  return since[branch];
}

/** "20.16, 21.11, 22.6 and 23.0": the releases from which each branch has it. */
export function sinceText(feature: FeatureName): string {
  const all = BRANCHES.flatMap((branch) => sinceIn(feature, branch) ?? []).map((first) => first.replace(/\.0$/, ''));
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}

function numbers(release: string): Release {
  return release.split('.').map(Number) as unknown as Release;
}

import { PAGES } from '../pages.js';
import { type Act, filesForAsterisk, firstTurnInParts, heldTestCall, wordsAsTheyAreSpoken } from './acts.js';

/** What the browser of a viewer is like. */
export interface Look {
  readonly colours: 'light' | 'dark';
  readonly width: 'wide' | 'narrow';
}

export const LOOKS: readonly Look[] = [
  { colours: 'light', width: 'wide' },
  { colours: 'dark', width: 'wide' },
  { colours: 'light', width: 'narrow' },
  { colours: 'dark', width: 'narrow' },
];

export interface Shot {
  readonly name: string;
  /** `:assistant`, `:call`, `:live` and `:token` are put in from what the server has. */
  readonly path: string;
  readonly viewer: 'signed in' | 'signed out';
  readonly act?: Act;
}

/** Every page, and what is seen of it in another state than that of its address alone. */
export const SHOTS: readonly Shot[] = [
  { name: 'sign-in', path: '/', viewer: 'signed out' },
  { name: 'set-up', path: '/setup#:token', viewer: 'signed out' },
  ...PAGES.map(({ name, path }): Shot => ({ name, path, viewer: 'signed in' })),
  { name: 'calls-spoken', path: '/calls', viewer: 'signed in', act: wordsAsTheyAreSpoken },
  { name: 'call-live', path: '/calls/:live', viewer: 'signed in' },
  { name: 'call-in-parts', path: '/calls/:call', viewer: 'signed in', act: firstTurnInParts },
  { name: 'files-for-asterisk', path: '/start', viewer: 'signed in', act: filesForAsterisk },
  { name: 'test-call-held', path: '/assistants/:assistant/test', viewer: 'signed in', act: heldTestCall },
  { name: 'not-found', path: '/nowhere', viewer: 'signed in' },
];

export function fileName({ name }: Pick<Shot, 'name'>, { colours, width }: Look): string {
  return `${name}-${colours}-${width}.webp`;
}

/** The names of all files that one run writes. */
export function allFiles(): readonly string[] {
  return SHOTS.flatMap((shot) => LOOKS.map((look) => fileName(shot, look)));
}

const IMAGE = /(?:images\/dashboard\/)([\w.-]+)/g;

/** The files that a page of the documentation shows. */
export function imagesIn(markdown: string): readonly string[] {
  return [...markdown.matchAll(IMAGE)].map(([, name = '']) => name);
}

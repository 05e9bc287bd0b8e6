import type { Lab } from '../lab.js';

/** It fails by throwing; what it measures before that is reported all the same. */
export interface Case {
  readonly name: string;
  readonly run: (lab: Lab) => Promise<void>;
}

/** Cases that may run beside each other: each has a server, an Asterisk and phones of its own. */
export interface Stage {
  readonly atOnce: number;
  readonly cases: readonly Case[];
}

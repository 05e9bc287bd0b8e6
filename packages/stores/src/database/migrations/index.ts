import type { Migration } from '../migrate.js';
import { initial } from './0001-initial.js';
import { outbound } from './0002-outbound.js';
import { webhooks } from './0003-webhooks.js';
import { versions } from './0004-versions.js';
import { resume } from './0005-resume.js';
import { spool } from './0006-spool.js';
import { onlyNode } from './0007-only-node.js';
import { signIn } from './0008-sign-in.js';
import { unheard } from './0009-unheard.js';
import { calledNumber } from './0010-called-number.js';

export const MIGRATIONS: readonly Migration[] = [
  ...[initial, outbound, webhooks, versions],
  ...[resume, spool, onlyNode, signIn, unheard, calledNumber],
];

import type { Migration } from '../migrate.js';
import { initial } from './0001-initial.js';
import { outbound } from './0002-outbound.js';
import { webhooks } from './0003-webhooks.js';
import { versions } from './0004-versions.js';
import { signIn } from './0007-sign-in.js';

export const MIGRATIONS: readonly Migration[] = [initial, outbound, webhooks, versions, signIn];

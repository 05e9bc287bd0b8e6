import type { Migration } from '../migrate.js';
import { initial } from './0001-initial.js';

export const MIGRATIONS: readonly Migration[] = [initial];

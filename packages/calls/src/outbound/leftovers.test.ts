import { describe, expect, it } from 'vitest';
import { nameToJudge } from './leftovers.js';

const stasis = (app: string) => ({ context: '', exten: '', priority: 1, appName: 'Stasis', appData: `${app},arg` });
const BRIDGES = [
  { id: 'rapida-7-0-bridge', name: '', channels: ['1700000000.1', 'rapida-7-0-media'] },
  { id: 'somebodys', name: '', channels: ['1700000000.3'] },
];
const judge = (id: string, state: string, app?: string, nodeSuffix?: string, link = 'rapida') =>
  nameToJudge({ id, state, ...(app !== undefined && { dialplan: stasis(app) }) }, BRIDGES, { app: link, nodeSuffix });

describe('whose call a channel is judged by', () => {
  it('is that in its name, for media, for what rings, and for what is in our application', () => {
    expect(judge('rapida-7-1-media', 'Up')).toBe('rapida-7-1-media');
    expect(judge('rapida-7-1', 'Ringing')).toBe('rapida-7-1');
    expect(judge('rapida-7-1', 'Up', 'rapida')).toBe('rapida-7-1');
    expect(judge('rapida-7-1', 'Up'), 'it talks in the dialplan').toBeUndefined();
    expect(judge('rapida-7-1', 'Up', 'other')).toBeUndefined();
  });

  it('is that in its name also in the application of another node', () => {
    expect(judge('rapida-7-1', 'Up', 'rapida-b', 'a', 'rapida-a')).toBe('rapida-7-1');
    expect(judge('rapida-7-1', 'Up', 'rapida-b'), 'of another installation').toBeUndefined();
  });

  it('is that of its bridge where the dialplan brought it: another node may hold it', () => {
    expect(judge('1700000000.1', 'Up', 'rapida', 'a')).toBe('rapida-7-0-bridge');
    expect(judge('1700000000.3', 'Up', 'rapida', 'a')).toBe('nobodys');
    expect(judge('1700000000.2', 'Up', 'rapida', 'a')).toBe('nobodys');
    expect(judge('1700000000.1', 'Up', 'rapida', 'a', 'rapida-a')).toBe('rapida-7-0-bridge');
    expect(judge('1700000000.2', 'Up', 'rapida', 'a', 'rapida-a'), 'it is not this application').toBeUndefined();
    expect(judge('1700000000.2', 'Up')).toBeUndefined();
  });
});

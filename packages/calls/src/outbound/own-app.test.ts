import { describe, expect, it } from 'vitest';
import { belongsTo, deployedApp, ownApp } from './own-app.js';

describe('the Stasis application of a node', () => {
  it('is that of the deployment where there is one node, and has its name where there are several', () => {
    expect(ownApp('rapida', undefined)).toBe('rapida');
    expect(ownApp('rapida', 'node-1')).toBe('rapida-node-1');
    expect(deployedApp('rapida-node-1', 'node-1')).toBe('rapida');
    expect(deployedApp('rapida', 'node-1')).toBe('rapida');
    expect(deployedApp('rapida-node-1', undefined)).toBe('rapida-node-1');
  });

  it('is told from those of others', () => {
    expect(belongsTo('rapida', 'rapida', undefined)).toBe(true);
    expect(belongsTo('rapida-node-2', 'rapida', 'node-1')).toBe(true);
    expect(belongsTo('rapida-node-2', 'rapida', undefined)).toBe(false);
    expect(belongsTo('rapidabank', 'rapida', 'node-1')).toBe(false);
  });
});

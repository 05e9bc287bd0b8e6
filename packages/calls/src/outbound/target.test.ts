import { phoneDeploymentSchema, Secret } from '@rapida/core';
import { describe, expect, it } from 'vitest';
import type { AsteriskAccess } from '../credentials/access.js';
import { dialTarget } from './target.js';

const credential = (changes: Partial<AsteriskAccess> = {}): AsteriskAccess => ({
  ari_url: 'http://127.0.0.1:8088',
  ari_user: 'rapida',
  ari_password: new Secret('s3cret'),
  endpoint_technology: 'PJSIP',
  callsPerSecond: 5,
  ...changes,
});
const target = (
  options: Record<string, string> = {},
  changes: Partial<AsteriskAccess> = {},
  order: { to: string; from: string } = { to: '+15551234567', from: '' },
) => dialTarget(phoneDeploymentSchema.parse({ options }), credential(changes), order);

describe('what is dialled', () => {
  it('is the number itself over PJSIP where nothing else is said', () => {
    expect(target()).toMatchObject({ technology: 'PJSIP', trunk: undefined, endpoint: 'PJSIP/+15551234567' });
  });

  it('goes over the trunk of the credential', () => {
    expect(target({}, { trunk: 'carrier' }).endpoint).toBe('PJSIP/+15551234567@carrier');
  });

  it('goes over the trunk of the deployment before that of the credential; an empty one counts as none', () => {
    expect(target({ trunk: 'own' }, { trunk: 'carrier' }).endpoint).toBe('PJSIP/+15551234567@own');
    expect(target({ trunk: '' }, { trunk: 'carrier' }).endpoint).toBe('PJSIP/+15551234567@carrier');
  });

  it('takes the technology of the credential, and that of the deployment before it, in the form each has', () => {
    expect(target({}, { endpoint_technology: 'IAX2', trunk: 'carrier' }).endpoint).toBe('IAX2/carrier/+15551234567');
    expect(target({ endpoint_technology: 'SIP' }, { endpoint_technology: 'IAX2', trunk: 'c' }).endpoint).toBe(
      'SIP/c/+15551234567',
    );
    expect(target({ endpoint_technology: 'DAHDI', trunk: 'g0' }).endpoint).toBe('DAHDI/g0/+15551234567');
  });

  it('is never a second endpoint', () => {
    for (const to of ['1&PJSIP/2', '1,2', '1@other', '1/2', '1 2', '', '+', 'sip:1', '1\n2']) {
      expect(() => target({}, {}, { to, from: '' }), to).toThrowError(
        expect.objectContaining({ code: 'number_invalid' }),
      );
    }
  });
});

describe('the caller id', () => {
  it('is that of the request, then the phone of the deployment, then the endpoint its own', () => {
    expect(target({ phone: '100' }, {}, { to: '1', from: '200' }).callerId).toBe('200');
    expect(target({ phone: '100' }).callerId).toBe('100');
    expect(target({ phone: '' }).callerId).toBeUndefined();
  });
});

describe('what becomes of an answered call', () => {
  it('is the dialplan where the deployment names a context, at extension s or the one it names', () => {
    expect(target({ context: 'rapida-outbound' }).after).toEqual({
      ...{ mode: 'dialplan', context: 'rapida-outbound', extension: 's' },
    });
    expect(target({ context: 'out', extension: '7' }).after).toMatchObject({ context: 'out', extension: '7' });
  });

  it('is our Stasis application without a context, named rapida or as the deployment says', () => {
    expect(target()).toMatchObject({ after: { mode: 'stasis' }, app: 'rapida' });
    expect(target({ context: '', app: 'hotel' })).toMatchObject({ after: { mode: 'stasis' }, app: 'hotel' });
  });
});

it('needs all of what reaches ARI', () => {
  for (const field of ['ari_url', 'ari_user', 'ari_password'] as const) {
    expect(() => target({}, { [field]: undefined })).toThrowError(
      expect.objectContaining({ code: 'deployment_incomplete' }),
    );
  }
});

import { buildEndpoint, isDialableNumber } from '@rapida/ari';
import { type EndpointTechnology, type PhoneDeployment, RapidaError } from '@rapida/core';
import { type AriReach, type AsteriskAccess, ariReachOf } from '../credentials/access.js';

/** What an Asterisk is asked to dial, and what becomes of the call when it is answered. */
export interface DialTarget {
  readonly ari: AriReach;
  readonly technology: EndpointTechnology;
  readonly trunk: string | undefined;
  readonly endpoint: string;
  /** Undefined: the endpoint's own. */
  readonly callerId: string | undefined;
  readonly after: { readonly mode: 'dialplan'; readonly context: string; readonly extension: string } | StasisApp;
  /** Of the deployment; also what tells one connection to Asterisk from another. */
  readonly app: string;
}

interface StasisApp {
  readonly mode: 'stasis';
}

/**
 * What is dialled, by precedence: technology and trunk of the deployment, then of the credential, then PJSIP and none; the
 * caller id of the request, then the deployment's `phone`. A `context` makes it a call through the dialplan. Fails with
 * number_invalid, or with deployment_incomplete where the credential cannot reach ARI.
 */
export function dialTarget(
  { options }: PhoneDeployment,
  credential: AsteriskAccess,
  { to, from }: { readonly to: string; readonly from: string },
): DialTarget {
  const ari = reachFor(credential);
  if (!isDialableNumber(to)) throw new RapidaError('number_invalid');
  const technology = options.endpoint_technology ?? credential.endpoint_technology;
  const trunk = options.trunk || credential.trunk;
  return {
    ari,
    technology,
    trunk,
    endpoint: buildEndpoint({ technology, number: to, ...(trunk !== undefined && { trunk }) }),
    callerId: from || options.phone || undefined,
    after: options.context
      ? { mode: 'dialplan', context: options.context, extension: options.extension }
      : { mode: 'stasis' },
    app: options.app,
  };
}

/** Fails with deployment_incomplete where the credential cannot reach ARI. */
export function reachFor(credential: AsteriskAccess): AriReach {
  const reach = ariReachOf(credential);
  if (reach !== undefined) return reach;
  throw new RapidaError(
    'deployment_incomplete',
    'The credential of the phone deployment has no ari_url, ari_user and ari_password: they are needed to place calls.',
  );
}

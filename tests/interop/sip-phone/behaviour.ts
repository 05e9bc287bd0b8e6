import type { SipCall } from './sip-call.js';
import { headerOf, type SipMessage, tagOf, uriOf } from './sip-message.js';

/** What a phone does with a call to it. */
export type Behaviour =
  | { readonly kind: 'answer'; readonly afterMs: number; readonly rings: boolean }
  | { readonly kind: 'refuse'; readonly status: string }
  /** Until somebody accepts or refuses it, or the caller gives up. */
  | { readonly kind: 'ring' }
  /** As an address where nothing is. */
  | { readonly kind: 'silent' };

export const RINGS: Behaviour = { kind: 'ring' };
export const SILENT: Behaviour = { kind: 'silent' };
export const BUSY: Behaviour = { kind: 'refuse', status: '486 Busy Here' };
export const DECLINES: Behaviour = { kind: 'refuse', status: '603 Decline' };
export const NOT_FOUND: Behaviour = { kind: 'refuse', status: '404 Not Found' };

/** Rings until then. */
export function answersAfter(afterMs: number): Behaviour {
  return { kind: 'answer', afterMs, rings: true };
}

/** A call to a phone, as its INVITE says it. */
export interface Invitation {
  readonly callId: string;
  /** The number that was dialled: the user of the request. */
  readonly called: string;
  /** The number and the name that the phone shows; '' where there is none. */
  readonly caller: string;
  readonly callerName: string;
  readonly atMs: number;
  /** How often the INVITE came. One that is dialled twice has two invitations. */
  copies: number;
}

export function readInvitation(invite: SipMessage, atMs: number): Invitation {
  const from = headerOf(invite, 'from');
  return {
    callId: headerOf(invite, 'call-id'),
    called: userOf(invite.startLine.split(' ')[1] ?? ''),
    caller: userOf(uriOf(from)),
    callerName: /^"([^"]*)"/.exec(from)?.[1] ?? '',
    atMs,
    copies: 1,
  };
}

/** An INVITE that begins a call, rather than one within it. */
export function beginsCall(invite: SipMessage): boolean {
  return tagOf(headerOf(invite, 'to')) === '';
}

export function behave(call: SipCall, behaviour: Behaviour): void {
  if (behaviour.kind === 'refuse') return call.refuse(behaviour.status);
  if (behaviour.kind === 'silent') return;
  if (behaviour.kind === 'ring' || behaviour.rings) call.ring();
  else call.trying();
  if (behaviour.kind === 'answer') call.acceptAfter(behaviour.afterMs);
}

function userOf(uri: string): string {
  return decodeURIComponent(/^sips?:([^@;]+)@/.exec(uri)?.[1] ?? '');
}

import type { components, operations } from './generated/openapi.js';

type Schemas = components['schemas'];
type Query<O extends keyof operations> = NonNullable<Extract<operations[O], Asked>['parameters']['query']>;
interface Asked {
  readonly parameters: { readonly query?: object };
}
type Body<O extends keyof operations> = Extract<operations[O], Sent>['requestBody']['content']['application/json'];
interface Sent {
  readonly requestBody: { readonly content: { readonly 'application/json': unknown } };
}

/** One call, as far as it has come. Times are ISO 8601 in UTC; ids are unsigned 64-bit numbers in decimal. */
export type Call = Schemas['Call'];
/** Where a call is. {@link FINAL_STATES} never change. */
export type CallState = Call['state'];
/** Something that happened in a call; `seq` counts them from 1. */
export type CallEvent = Schemas['CallEvent'];
/** What one side said, as far as it was heard; times in ms from the moment media connected. */
export type TranscriptTurn = Schemas['TranscriptTurn'];
/** A figure of a call, e.g. `call.duration` in seconds. */
export type CallMetric = Schemas['CallMetric'];
/** A call that was taken into the queue; `status` is its state. */
export type PlacedCall = Schemas['PlacedCall'];
/** Which calls to list; all that is named must hold. `limit` is 1 to 200, 50 where it is left out. */
export type CallFilter = Query<'listCalls'>;

/** An assistant with its phone deployment. */
export type Assistant = Schemas['Assistant'];
/** An assistant to be saved: only `name` is needed. What was read may be changed and given back as it is. */
export type AssistantInput = Schemas['AssistantConfigInput'];
/** One of the configurations that were saved of an assistant, without what is in it. */
export type AssistantVersion = Schemas['AssistantVersion'];
/** How an assistant is reached by telephone, and how it telephones. */
export type PhoneDeployment = Schemas['PhoneDeployment'];
/** The same to be saved; what is left out has its default. */
export type PhoneDeploymentInput = Schemas['PhoneDeploymentInput'];

/** A credential without its value, which never comes back. */
export type Credential = Schemas['Credential'];
export type NewCredential = Body<'createCredential'>;
/** Without a `value` the old one stays. */
export type CredentialInput = Body<'saveCredential'>;
/** Whether a credential opens the other side; where not, `code` and `message` say why. */
export type CredentialCheck = Schemas['CredentialCheck'];
export type Reencryption = Schemas['Reencryption'];

export type Webhook = Schemas['Webhook'];
/** A webhook with the secret its deliveries are signed with, shown this once. */
export type CreatedWebhook = Schemas['CreatedWebhook'];
export type WebhookInput = Body<'createWebhook'>;
/** What became of one event for one webhook. */
export type Delivery = Schemas['Delivery'];
export type DeliveryFilter = Query<'listDeliveries'>;

export type ApiKey = Schemas['ApiKey'];
/** A key with its text, shown this once. */
export type CreatedApiKey = Schemas['CreatedApiKey'];
/** One process of the installation. */
export type Node = Schemas['Node'];
export type NewApiKey = Body<'createApiKey'>;
/** Who is signed in with a browser. */
export type Session = Schemas['Session'];
export type SignInState = Schemas['SignInState'];
/** What the password of the dashboard is set with, once. */
export type SetUpToken = Schemas['SetUpToken'];

/** Loudness over the time of a recording, from 0 to 100, so many points on each side. */
export type Waveform = Schemas['Waveform'];
export type OverviewFigures = Schemas['Overview'];
export type OverviewQuery = Query<'getOverview'>;
export type DialplanFiles = Schemas['Dialplan'];
/** Only `assistantId` is needed. */
export type DialplanRequest = Body<'writeDialplan'>;
export type NewTestCall = Body<'createTestCall'>;
/** A test call that waits for its sound, for a minute. */
export type RegisteredTestCall = Schemas['TestCall'];
/** An assistant that a credential is named by. */
export type CredentialUse = Schemas['CredentialUse'];
/** What the value of a credential of one provider consists of. */
export type CredentialForm = Schemas['CredentialForm'];

/** Names of events; an event of a newer server may have another one. */
export type CallEventType = NonNullable<WebhookInput['events']>[number];

/** The codes of the server's errors. */
export type ServerErrorCode = Schemas['Error']['code'];

/** `limit` is 1 to 200, 50 where it is left out; `cursor` is the `nextCursor` of the page before. */
export interface PageQuery {
  readonly limit?: number;
  readonly cursor?: string;
}

/** One page of a list, newest first. */
export interface Page<T> {
  readonly data: readonly T[];
  /** Null: this was the last page. */
  readonly nextCursor: string | null;
}

/** States in which a call has ended. */
export const FINAL_STATES: readonly CallState[] = [
  'completed',
  'failed',
  'no_answer',
  'busy',
  'rejected',
  'cancelled',
  'expired',
];

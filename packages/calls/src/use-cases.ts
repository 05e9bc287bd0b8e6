import type { NoteKeyRefused } from './refusals.js';
import type { AssistantUseCases } from './use-cases/assistants.js';
import type { CallUseCases, MediaUseCases, RegisterInbound, TestCallUseCases } from './use-cases/calls.js';
import type { CredentialUseCases } from './use-cases/credentials.js';
import type { ListeningUseCases, LiveUseCases } from './use-cases/live.js';
import type { HealthUseCases, NodeUseCases } from './use-cases/nodes.js';
import type { OutboundUseCases } from './use-cases/outbound.js';
import type { OverviewUseCases } from './use-cases/overview.js';
import type { KeyUseCases, SignInUseCases } from './use-cases/sign-in.js';
import type { WebhookUseCases } from './use-cases/webhooks.js';

export type * from './use-cases/assistants.js';
export type * from './use-cases/calls.js';
export type * from './use-cases/credentials.js';
export type * from './use-cases/live.js';
export type * from './use-cases/nodes.js';
export type * from './use-cases/outbound.js';
export type * from './use-cases/overview.js';
export type * from './use-cases/sign-in.js';
export type * from './use-cases/webhooks.js';

/**
 * What can be done with calls, assistants and keys, free of HTTP. Every failure is a `RapidaError`; everything belongs
 * to a project and is invisible to the others.
 */
export interface UseCases {
  readonly registerInbound: RegisterInbound;
  readonly noteKeyRefused: NoteKeyRefused;
  readonly media: MediaUseCases;
  readonly testCalls: TestCallUseCases;
  readonly calls: CallUseCases;
  readonly listening: ListeningUseCases;
  readonly live: LiveUseCases;
  readonly assistants: AssistantUseCases;
  readonly credentials: CredentialUseCases;
  readonly outbound: OutboundUseCases;
  readonly webhooks: WebhookUseCases;
  readonly keys: KeyUseCases;
  readonly signIn: SignInUseCases;
  readonly overview: OverviewUseCases;
  readonly health: HealthUseCases;
  readonly nodes: NodeUseCases;
}

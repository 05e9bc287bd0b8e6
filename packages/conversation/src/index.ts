export type {
  Conversation,
  ConversationEnd,
  ConversationOptions,
  HandOver,
  LiveEvent,
  ResumedConversation,
  ToolRecord,
} from './conversation.js';
export { RENDERED_GREETING_MS_MAX, type RenderedGreeting, renderGreeting } from './greeting.js';
export { HAND_OVER_MS_MAX } from './policy/hand-over.js';
export { createConversation } from './runtime.js';

export type { Conversation, ConversationEnd, ConversationOptions, LiveEvent } from './conversation.js';
export { RENDERED_GREETING_MS_MAX, type RenderedGreeting, renderGreeting } from './greeting.js';
export { createConversation } from './runtime.js';

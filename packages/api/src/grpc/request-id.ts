import { createContextKey } from '@connectrpc/connect';

/** Of the call, as the log has it. */
export const REQUEST_ID = createContextKey('', { description: 'request id' });

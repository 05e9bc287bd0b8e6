import type { PhoneCallOrder } from '../use-cases.js';
import { ASSISTANT } from './harness.js';

export function orderOf(toNumber: string, order: Partial<PhoneCallOrder> = {}): PhoneCallOrder {
  return {
    ...{ assistantId: ASSISTANT, version: 'latest', toNumber, fromNumber: '' },
    ...{ metadata: {}, args: {}, options: {} },
    ...order,
  };
}

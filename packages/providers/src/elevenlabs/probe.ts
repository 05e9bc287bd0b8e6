import type { Probe } from '../vendor.js';
import { codeOfAnswer, isMissingPermission } from './errors.js';
import { serverOf } from './server.js';

const USER_BYTES_MAX = 65_536;

/** Asks whose key it is. A key that may only speak is good: it is told that it may not read the account. */
export const probe: Probe<'elevenlabs'> = async (parts, signal) => {
  let lacksPermission = false;
  const server = serverOf(parts, undefined, (status, answer) => {
    lacksPermission = isMissingPermission(answer);
    return codeOfAnswer(status, answer);
  });
  try {
    const answer = await server.get('/user', signal, USER_BYTES_MAX);
    await answer.body?.cancel();
  } catch (error) {
    if (!lacksPermission) throw error;
    return 'ElevenLabs knows the key, which may not read the account';
  }
  return 'ElevenLabs took the key';
};

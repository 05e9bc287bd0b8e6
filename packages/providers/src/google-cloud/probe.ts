import { RapidaError } from '@rapida/core';
import type { Probe } from '../vendor.js';
import { SPEECH_SERVICE, serverOf, VOICE_SERVICE } from './server.js';
import { ServiceAccount } from './service-account.js';

const ANSWER_BYTES_MAX = 4 * 1_024 * 1_024;

/**
 * Asks Speech-to-Text for the project's recognizers and Text-to-Speech for its voices; neither is charged. A project may use one of the two
 * alone, so one that answers is enough, and both are told of.
 */
export const probe: Probe<'google-cloud'> = async (parts, signal) => {
  const account = new ServiceAccount(parts.credential.serviceAccount, parts.clock);
  const recognizers = `/v2/projects/${account.projectId()}/locations/global/recognizers?pageSize=1`;
  const ask = async (service: typeof SPEECH_SERVICE | typeof VOICE_SERVICE, path: string) => {
    const answer = await serverOf(parts, account, service).get(path, signal, ANSWER_BYTES_MAX);
    await answer.body?.cancel();
  };
  const [speech, voice] = await Promise.allSettled([
    ask(SPEECH_SERVICE, recognizers),
    ask(VOICE_SERVICE, '/v1/voices?languageCode=en-US'),
  ]);
  if (speech.status === 'rejected' && voice.status === 'rejected') throw speech.reason;
  return `Google answered. ${told('Speech-to-Text', speech)}; ${told('Text-to-Speech', voice)}`;
};

function told(service: string, outcome: PromiseSettledResult<void>): string {
  return `${service}: ${outcome.status === 'fulfilled' ? 'good' : RapidaError.from(outcome.reason).code}`;
}

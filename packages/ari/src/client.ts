import { type AriChannel, fieldsOf, readBridge, readChannel, textOf } from './channel.js';
import type { AriClient, AriClientOptions, AriInfo, AriModuleStatus } from './client-types.js';
import { protocolFailure } from './failure.js';
import { type AriAnswer, type AriRequest, createSender, type SendRequest } from './request.js';
import type { AriResult } from './result.js';

const REQUEST_MS_MAX = 5000;
/** Some ten thousand channels. */
const LIST_BYTES_MAX = 8_388_608;

/** Throws a TypeError for a url that cannot be one of ARI; after that nothing throws. Holds no connection and no timer of its own. */
export function createAriClient(options: AriClientOptions): AriClient {
  const send = createSender(options.access, options.clock, options.requestMsMax ?? REQUEST_MS_MAX);
  return { ...askAsterisk(send), ...steerChannels(send), ...steerBridges(send), ...steerApplications(send) };
}

function askAsterisk(send: SendRequest): Pick<AriClient, 'info' | 'ping' | 'moduleStatus' | 'endpointExists'> {
  return {
    info: () => asked(send, { method: 'GET', path: ['asterisk', 'info'] }, readInfo),
    ping: () => done(send, { method: 'GET', path: ['asterisk', 'ping'] }),
    moduleStatus(name) {
      const file = name.endsWith('.so') ? name : `${name}.so`;
      const path = ['asterisk', 'modules', file];
      return found<AriModuleStatus>(send, { method: 'GET', path }, readModuleStatus, 'missing');
    },
    endpointExists: (technology, resource) =>
      found<boolean>(send, { method: 'GET', path: ['endpoints', technology, resource] }, () => true, false),
  };
}

function steerChannels(
  send: SendRequest,
): Pick<
  AriClient,
  'originate' | 'externalMedia' | 'channel' | 'channels' | 'answer' | 'hangup' | 'continueAt' | 'channelVariable'
> {
  return {
    originate(request) {
      const { endpoint, channelId, callerId, timeoutSeconds, variables } = request;
      const destination =
        'app' in request
          ? { app: request.app, appArgs: request.appArgs }
          : { context: request.context, extension: request.extension, priority: String(request.priority) };
      const query = { endpoint, channelId, callerId, timeout: String(timeoutSeconds), ...destination };
      return asked(send, { method: 'POST', path: ['channels'], query, variables }, readChannel);
    },
    externalMedia(request) {
      const { channelId, app, encapsulation, transport, format, data, variables } = request;
      const query = {
        channelId,
        app,
        external_host: request.externalHost,
        encapsulation,
        transport,
        format,
        data,
        transport_data: request.transportData,
      };
      return asked(send, { method: 'POST', path: ['channels', 'externalMedia'], query, variables }, readChannel);
    },
    channel: (id) =>
      found<AriChannel | undefined>(send, { method: 'GET', path: ['channels', id] }, readChannel, undefined),
    channels: () => listed(send, ['channels'], readChannel),
    answer: (id) => done(send, { method: 'POST', path: ['channels', id, 'answer'] }),
    hangup(id, reasonCode) {
      const query = { reason_code: reasonCode === undefined ? undefined : String(reasonCode) };
      return gone(send, { method: 'DELETE', path: ['channels', id], query });
    },
    continueAt(id, { context, extension, priority }) {
      const query = { context, extension, priority: String(priority) };
      return done(send, { method: 'POST', path: ['channels', id, 'continue'], query });
    },
    channelVariable(id, name) {
      const request: AriRequest = { method: 'GET', path: ['channels', id, 'variable'], query: { variable: name } };
      return found<string | undefined>(send, request, (value) => textOf(fieldsOf(value).value), undefined);
    },
  };
}

function steerBridges(
  send: SendRequest,
): Pick<AriClient, 'createBridge' | 'addToBridge' | 'destroyBridge' | 'bridges'> {
  return {
    createBridge: (bridgeId, name) =>
      asked(send, { method: 'POST', path: ['bridges'], query: { type: 'mixing', bridgeId, name } }, readBridge),
    addToBridge(bridgeId, channelIds) {
      const query = { channel: channelIds.join(',') };
      return done(send, { method: 'POST', path: ['bridges', bridgeId, 'addChannel'], query });
    },
    destroyBridge: (bridgeId) => gone(send, { method: 'DELETE', path: ['bridges', bridgeId] }),
    bridges: () => listed(send, ['bridges'], readBridge),
  };
}

function steerApplications(send: SendRequest): Pick<AriClient, 'subscribe' | 'unsubscribe'> {
  const path = (app: string) => ['applications', app, 'subscription'];
  return {
    subscribe: (app, eventSource) => done(send, { method: 'POST', path: path(app), query: { eventSource } }),
    unsubscribe: (app, eventSource) => done(send, { method: 'DELETE', path: path(app), query: { eventSource } }),
  };
}

/** What a reader gives for an answer without the fields it needs. */
type Read<T> = (value: unknown) => T | undefined;

async function asked<T>(send: SendRequest, request: AriRequest, read: Read<T>): Promise<AriResult<T>> {
  const answer = await send(request);
  return answer.ok ? readAnswer(answer.value, read) : answer;
}

/** A 404 is an answer: `absent`. */
async function found<T>(send: SendRequest, request: AriRequest, read: Read<T>, absent: T): Promise<AriResult<T>> {
  const answer = await send(request);
  if (answer.ok) return readAnswer(answer.value, read);
  return answer.failure.kind === 'not_found' ? { ok: true, value: absent } : answer;
}

async function done(send: SendRequest, request: AriRequest): Promise<AriResult<void>> {
  const answer = await send(request);
  return answer.ok ? { ok: true, value: undefined } : answer;
}

async function gone(send: SendRequest, request: AriRequest): Promise<AriResult<void>> {
  const answer = await done(send, request);
  return !answer.ok && answer.failure.kind === 'not_found' ? { ok: true, value: undefined } : answer;
}

/** Entries without an id are left out. */
function listed<T>(send: SendRequest, path: readonly string[], read: Read<T>): Promise<AriResult<readonly T[]>> {
  return asked(send, { method: 'GET', path, answerBytesMax: LIST_BYTES_MAX }, (value) =>
    Array.isArray(value) ? value.map(read).filter((each) => each !== undefined) : undefined,
  );
}

function readAnswer<T>(answer: AriAnswer, read: Read<T>): AriResult<T> {
  let value: T | undefined;
  try {
    value = read(JSON.parse(answer.text));
  } catch {
    value = undefined;
  }
  if (value !== undefined) return { ok: true, value };
  return { ok: false, failure: protocolFailure('an answer that is not one of ARI', answer.status) };
}

function readInfo(value: unknown): AriInfo | undefined {
  const { system, config } = fieldsOf(value);
  const version = textOf(fieldsOf(system).version);
  const entityName = textOf(fieldsOf(config).name);
  if (version === '') return undefined;
  return entityName === '' ? { version } : { version, entityName };
}

function readModuleStatus(value: unknown): AriModuleStatus | undefined {
  const status = textOf(fieldsOf(value).status);
  if (status === '') return undefined;
  return status === 'Running' ? 'running' : 'not_running';
}

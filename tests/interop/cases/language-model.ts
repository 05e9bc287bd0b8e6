import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AssistantConfigInput } from '@rapida/core';
import { ANNOUNCED, GREETING, MODEL_SENTENCES } from '../assistant.js';
import { callee } from '../asterisk-configuration.js';
import { configurationFor, describeLine, type Line, targetOf } from '../dialplan.js';
import type { Lab } from '../lab.js';
import { type ChatAnswer, type ChatMessage, OpenAiServer } from '../openai-server.js';
import type { ServerUnderTest } from '../server-under-test.js';
import { SipPhone } from '../sip-phone/sip-phone.js';
import { TestCall } from '../test-call.js';
import { assert, until, within } from '../wait.js';
import type { Case } from './case.js';
import { RECEPTION } from './transfer.js';

const ORDER = 'when is my order ready';
const OTHER = 'can you see my other order';
const PERSON = 'can i speak to a person';

/** What the model says; words of the dictionary only, because the suite's ear hears nothing else. */
const [READY = '', NOT_SEEN = ''] = MODEL_SENTENCES;

/**
 * A whole call with a language model: recognition, answers and voice of a server with OpenAI's API that really hears and speaks. The model looks an
 * order up, tries to get where it may not, and hands the caller over.
 */
export function languageModel(line: Line): Case {
  return {
    name: `${describeLine(line)}: a language model with tools`,
    async run(lab: Lab) {
      const shop = await startShop(lab);
      const model = await OpenAiServer.start({ voice: lab.voice, phrases: [ORDER, OTHER, PERSON], chat });
      lab.stopLater(() => model.close());
      const server = await lab.server({ settings: { TOOLS__ALLOWED_HOSTS: shop.host } });
      const credentialId = await makeCredential(server, model);
      await isRefusedWhenSaved(server, configOf(credentialId, '169.254.169.254'));
      const assistantId = await makeModelAssistant(server, configOf(credentialId, shop.host));
      const reception = await SipPhone.open();
      lab.stopLater(() => reception.close());
      const { asterisk, phone } = await lab.exchange(configurationFor(line, [targetOf(server, assistantId)]), {
        'pjsip.conf': callee('reception', reception.port),
        'extensions.conf': RECEPTION,
      });
      const call = await TestCall.dial({ server, asterisk, phone, voice: lab.voice, codec: 'PCMU' });
      await call.listenFor(GREETING, call.answeredMs);
      const ready = await call.ask(ORDER, READY);
      await call.ask(OTHER, NOT_SEEN);
      await meets(call, reception, lab);
      const { id } = await call.leavesNothing();
      await isRecorded(server, id);
      isTold(model, [
        '{"status":"ready"}',
        'error: tool_refused: order may not be ".."',
        'error: tool_failed: it answered 302',
      ]);
      assert(
        shop.asked.join() === '/orders/7,/orders/8',
        `the shop was asked for ${shop.asked.join()}: nothing else may be reached`,
      );
      lab.measured('order', `answered ${Math.round(ready.afterMs)} ms after the question, with a tool in between`);
    },
  };
}

/** Is handed to the reception, hears it, and hangs up. */
async function meets(call: TestCall, reception: SipPhone, { voice }: Lab): Promise<void> {
  const announced = await call.ask(PERSON, ANNOUNCED);
  await until('the reception rings', 5_000, () => reception.incoming.length > 0);
  const other = reception.incoming[0];
  assert(other !== undefined, 'no call at the reception');
  other.accept();
  const greeting = 'i am here now';
  other.rtp.say(await voice.say(greeting, 'slt'));
  const heard = await call.listen(announced.endedMs + 500);
  const found = await voice.recognise(heard.sound, [greeting, 'one moment please', 'good morning', 'please wait']);
  assert(found === greeting, `the caller heard "${found}" of the reception`);
  call.sip.hangup();
  await within('the reception is hung up', 3_000, other.ended);
}

/**
 * A tool at a name that leads to this machine, on a server whose operator allows the public internet only: it cannot be told when it is saved. The
 * call goes on, and nothing is reached.
 */
export function toolAtPrivateName(line: Line): Case {
  return {
    name: `${describeLine(line)}: a language model whose tool leads to a private address`,
    async run(lab: Lab) {
      const shop = await startShop(lab);
      const model = await OpenAiServer.start({ voice: lab.voice, phrases: [ORDER, OTHER, PERSON], chat });
      lab.stopLater(() => model.close());
      const server = await lab.server();
      const config = configOf(await makeCredential(server, model), shop.host.replace('127.0.0.1', 'localhost'));
      const assistantId = await makeModelAssistant(server, config);
      const { asterisk, phone } = await lab.exchange(configurationFor(line, [targetOf(server, assistantId)]));
      const call = await TestCall.dial({ server, asterisk, phone, voice: lab.voice, codec: 'PCMU' });
      await call.listenFor(GREETING, call.answeredMs);
      const answer = await call.ask(ORDER, NOT_SEEN);
      call.sip.hangup();
      const { id } = await call.leavesNothing();
      const codes = await toolCodes(server, id);
      assert(codes.join() === 'tool_refused', `tools: ${codes.join()}`);
      isTold(model, ['error: tool_refused: The tool may not go there: localhost is not on the public internet']);
      assert(shop.asked.length === 0, `the private address was asked for ${shop.asked.join()}`);
      lab.measured('refused', `answered ${Math.round(answer.afterMs)} ms after the question, nothing was reached`);
    },
  };
}

/** Where orders are; number 8 has moved to where no tool may go. */
async function startShop(lab: Lab): Promise<{ readonly host: string; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const shop = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/orders/8')
      response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end();
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ready"}');
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  lab.stopLater(async () => {
    shop.closeAllConnections();
    shop.close();
  });
  return { host: `127.0.0.1:${(shop.address() as AddressInfo).port}`, asked };
}

async function makeCredential(server: ServerUnderTest, model: OpenAiServer): Promise<string> {
  const value = { apiKey: 'sk-interop', baseUrl: model.baseUrl };
  const { id } = await server.send<{ id: string }>('POST', '/v1/credentials', {
    ...{ name: 'model', provider: 'openai-compatible', value },
  });
  return id;
}

function configOf(credentialId: string, shop: string): AssistantConfigInput {
  const engine = { provider: 'openai-compatible', credentialId } as const;
  const orders = {
    ...({ type: 'http', name: 'order_status', description: 'Looks up an order', sideEffect: false } as const),
    parameters: { type: 'object', properties: { order: { type: 'string' } }, required: ['order'] },
  };
  return {
    ...{ name: 'Model', greeting: GREETING, stt: engine, llm: engine, tts: { ...engine, voice: 'slt' } },
    silence: { promptAfterMs: 120_000 },
    tools: { http: [{ ...orders, url: `http://${shop}/orders/{{order}}` }] },
  };
}

/** What can be told without asking anybody: an address of another host than those that the operator allows. */
async function isRefusedWhenSaved(server: ServerUnderTest, forbidden: AssistantConfigInput): Promise<void> {
  const refusal = await server.request('POST', '/v1/assistants', forbidden);
  assert(
    refusal.status === 400 && /assistant_invalid/.test(refusal.text) && /tools\.http\.0\.url/.test(refusal.text),
    `a tool at a forbidden address is refused when it is saved: ${refusal.status} ${refusal.text}`,
  );
}

async function makeModelAssistant(server: ServerUnderTest, config: AssistantConfigInput): Promise<string> {
  const { id } = await server.send<{ id: string }>('POST', '/v1/assistants', config);
  const deployment = { enabled: true, transferTargets: ['reception,s,1'] };
  await server.send('PUT', `/v1/assistants/${id}/phone-deployment`, deployment);
  return id;
}

/** The model. It asks for order 8 in three ways: as it is, above the folder of orders, and at an address of its own. */
function chat(messages: readonly ChatMessage[]): ChatAnswer {
  const last = messages.at(-1);
  const asked = messages.findLast(({ role }) => role === 'user')?.content ?? '';
  const look = (...orders: string[]): ChatAnswer => ({
    calls: orders.map((order) => ({ name: 'order_status', args: { order } })),
  });
  if (last?.role === 'tool') return { text: /ready/.test(last.content ?? '') ? READY : NOT_SEEN };
  if (asked === ORDER) return look('7');
  if (asked === OTHER) return look('8', '..');
  return { text: ANNOUNCED, calls: [{ name: 'transfer', args: { target: 'reception,s,1' } }] };
}

async function isRecorded(server: ServerUnderTest, id: string): Promise<void> {
  const tools = await toolCodes(server, id);
  assert(
    tools.join() === 'null,tool_refused,tool_failed' || tools.join() === 'null,tool_failed,tool_refused',
    `tools: ${tools.join()}`,
  );
  const types = (await server.events(id)).map(({ type }) => type);
  assert(types.includes('call.transferred'), `the transfer is in the record: ${types.join()}`);
  const said = (await server.transcript(id)).map(({ role, text }) => `${role}: ${text}`);
  const expected = [
    ...[`assistant: ${GREETING}`, `user: ${ORDER}`, `assistant: ${READY}`],
    ...[`user: ${OTHER}`, `assistant: ${NOT_SEEN}`, `user: ${PERSON}`, `assistant: ${ANNOUNCED}`],
  ];
  assert(said.join('|') === expected.join('|'), `the transcript is ${said.join(' | ')}`);
}

async function toolCodes(server: ServerUnderTest, id: string): Promise<string[]> {
  const events = await server.events(id);
  return events.filter(({ type }) => type === 'tool.called').map(({ data }) => String(data.code));
}

/** What the model was told of its tools, each as it begins. */
function isTold(model: OpenAiServer, beginnings: readonly string[]): void {
  const told = (model.conversations.at(-1) ?? [])
    .filter(({ role }) => role === 'tool')
    .map(({ content }) => content ?? '');
  for (const beginning of beginnings) {
    assert(
      told.some((text) => text.startsWith(beginning)),
      `the model is told "${beginning}": ${told.join(' | ')}`,
    );
  }
}

import type { Delivery } from '@rapida/client';
import { type Clock, DELIVERY_STATES, type DeliveryState } from '@rapida/core';
import { type Command, Option } from 'commander';
import { apiFor, type ClientOptions, withClientOptions } from '../client-options.js';
import { untilInterrupted } from '../look-until.js';
import type { Terminal } from '../terminal.js';
import { wholeNumber } from '../whole-number.js';
import { answerOf, awaitDelivery, deliveryLine, nextOf } from './delivery.js';

interface TestOptions extends ClientOptions {
  readonly wait?: true;
}

interface ListOptions extends ClientOptions {
  readonly webhook?: string;
  readonly call?: string;
  readonly state?: DeliveryState;
  readonly limit: number;
}

/** `rapida webhooks test`, `deliveries` and `resend`: what became of what was sent. */
export function addDeliveryCommands(group: Command, terminal: Terminal, clock: Clock): void {
  addTest(group, terminal, clock);
  addDeliveries(group, terminal);
  withClientOptions(group.command('resend'))
    .argument('<delivery>', 'as `rapida webhooks deliveries` shows it')
    .description('send a delivery again from now on, as if it had never been tried')
    .action(async (id: string, options: ClientOptions) => {
      await apiFor(options).webhooks.resend(id);
      terminal.print(options.json ? JSON.stringify({ id, resent: true }) : `${id}  is sent again`);
    });
}

function addTest(group: Command, { print, note }: Terminal, clock: Clock): void {
  withClientOptions(group.command('test'))
    .argument('<id>', 'as `rapida webhooks list` shows it')
    .option('--wait', 'until the receiver answered, at most 30 s; ends with 1 where it did not take it')
    .description('send an event of type `test`')
    .addHelpText(
      'after',
      '\nExample:\n  $ rapida webhooks test 12 --wait           does the receiver take what is sent?',
    )
    .action(async (webhookId: string, options: TestOptions) => {
      const { webhooks } = apiFor(options);
      const { deliveryId: id } = await webhooks.test(webhookId);
      const later = `rapida webhooks deliveries --webhook ${webhookId}`;
      if (!options.wait) {
        return print(options.json ? JSON.stringify({ deliveryId: id }) : `${id}  is being sent; its outcome: ${later}`);
      }
      const { delivery, interrupted } = await untilInterrupted(async (signal) => {
        const seen = await awaitDelivery(webhooks, { webhookId, id }, { clock, signal });
        return { delivery: seen, interrupted: signal.aborted };
      });
      if (interrupted) return note(`the delivery goes on: ${later}`);
      if (delivery !== undefined) print(options.json ? JSON.stringify(delivery) : deliveryLine(delivery));
      if (delivery?.state !== 'delivered') throw new Error(failureOf(id, delivery, later));
    });
}

function failureOf(id: string, delivery: Delivery | undefined, later: string): string {
  if (delivery === undefined || delivery.attempts === 0)
    return `delivery ${id} is not done after 30 s; look again: ${later}`;
  return `delivery ${id} was not taken: ${answerOf(delivery)}${nextOf(delivery)}; check the address and the receiver's log`;
}

function addDeliveries(group: Command, { print }: Terminal): void {
  withClientOptions(group.command('deliveries'))
    .option('--webhook <id>', 'only those of this webhook')
    .option('--call <id>', 'only those of this call')
    .addOption(new Option('--state <state>', 'only those in this state; dead: given up').choices(DELIVERY_STATES))
    .option('--limit <n>', 'how many', wholeNumber, 20)
    .description('the newest deliveries, and what became of them; --json has what was sent as well')
    .addHelpText(
      'after',
      `
Examples:
  $ rapida webhooks deliveries --state dead               what nobody took; then: rapida webhooks resend <id>
  $ rapida webhooks deliveries --call 7421 --json         all that was told of a call`,
    )
    .action(async ({ webhook: webhookId, call: callId, state, limit, ...options }: ListOptions) => {
      const { data } = await apiFor(options).webhooks.deliveries({
        ...(webhookId !== undefined && { webhookId }),
        ...(callId !== undefined && { callId }),
        ...(state !== undefined && { state }),
        limit,
      });
      if (options.json) return print(JSON.stringify(data));
      for (const one of data) print(deliveryLine(one));
    });
}

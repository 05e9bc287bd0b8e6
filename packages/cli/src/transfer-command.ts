import { type Rapida, RapidaApiError } from '@rapida/client';
import { type Clock, phoneDeploymentSchema, systemClock } from '@rapida/core';
import { Command } from 'commander';
import { awaitTransfer } from './await-transfer.js';
import { apiFor, type ClientOptions, withClientOptions } from './client-options.js';
import { untilInterrupted } from './look-until.js';

const HELP = `
The target is a place in the dialplan of the Asterisk that has the call. Only what its assistant is allowed can be reached:
  $ rapida assistants deploy "Front desk" --transfer-target sales,100,1 --transfer-target support,200,1

Waits for the outcome, up to a minute and a half, and ends with 1 where the transfer came to nothing: busy, no_answer,
transfer_target_unknown, not_taken (the dialplan never asked), ... Where the dialplan tells nobody, it ends when the caller has gone.

Examples:
  $ rapida transfer 7421 sales,100,1           after what is being said, the call goes on at sales,100,1
  $ rapida transfer 7421 sales,100,1 --no-wait only orders it`;

interface TransferOptions extends ClientOptions {
  readonly wait: boolean;
}

/** `rapida transfer`: hands a live call on. */
export function transferCommand(print: (text: string) => void, clock: Clock = systemClock): Command {
  return withClientOptions(new Command('transfer'))
    .argument('<call>', 'its id')
    .argument('<context,exten,priority>', 'where it goes on')
    .option('--no-wait', 'end when the order is given')
    .description("end the assistant's part of a live call, and hand the call on to a place in the dialplan")
    .addHelpText('after', HELP)
    .action(async (id: string, target: string, { wait, ...options }: TransferOptions) => {
      if (!isTarget(target)) {
        throw new Error(`"${target}" is no place in a dialplan: accepted is context,exten,priority, as in sales,100,1`);
      }
      const api = apiFor(options);
      const show = (text: string): void => (options.json ? undefined : print(text));
      const since = wait ? (await api.calls.events(id)).length : 0;
      await api.calls.transfer(id, target).catch(async (error: unknown) => {
        throw notAllowed(error) ? await withAdvice(api, id, target, error) : error;
      });
      show(`${id}  goes on at ${target} after what is being said`);
      const onGone = (): void => show(`${id}  has gone to ${target}`);
      if (!wait) {
        if (options.json) print(JSON.stringify({ id, target }));
        return;
      }
      await untilInterrupted(async (signal) => {
        const seen = await awaitTransfer(api.calls, { id, since }, { clock, signal }, onGone);
        if (options.json) print(JSON.stringify({ id, target, ...seen }));
        if (seen?.outcome === 'failed') throw new Error(`call ${id} was not transferred to ${target}: ${seen.reason}`);
        if (seen !== undefined) show(`${id}  ${CONCLUSIONS[seen.outcome]}`);
        else if (!signal.aborted) throw new Error(`nothing was seen of the transfer; see rapida calls show ${id}`);
      });
    });
}

const CONCLUSIONS = {
  answered: 'was answered there',
  transferred: 'nobody has told yet whether it was answered',
} as const;

function isTarget(text: string): boolean {
  return phoneDeploymentSchema.shape.transferTargets.safeParse([text]).success;
}

function notAllowed(error: unknown): error is RapidaApiError {
  return error instanceof RapidaApiError && error.code === 'transfer_not_allowed';
}

/** What is allowed, and the command that allows this target too: it replaces the list. */
async function withAdvice(api: Rapida, id: string, target: string, cause: RapidaApiError): Promise<Error> {
  const { assistantId, allowed } = await targetsOf(api, id);
  const options = [...(allowed ?? []), target].map((one) => `--transfer-target ${one}`);
  const command = ['rapida assistants deploy', assistantId ?? '<assistant>', ...options].join(' ');
  return new Error(`${cause.message}: ${allowanceOf(allowed)}: ${command}`, { cause });
}

function allowanceOf(allowed: readonly string[] | undefined): string {
  if (allowed === undefined) return 'to allow it (with all others that shall stay)';
  if (allowed.length === 0) return 'allowed is none; to allow it';
  return `allowed ${allowed.length === 1 ? 'is' : 'are'} ${allowed.join('  ')}; to allow it too`;
}

/** Empty where this key may not read them. */
async function targetsOf(
  api: Rapida,
  id: string,
): Promise<{ readonly assistantId?: string; readonly allowed?: readonly string[] }> {
  let assistantId: string | undefined;
  try {
    ({ assistantId } = await api.calls.get(id));
    const { phoneDeployment } = await api.assistants.get(assistantId);
    return { assistantId, allowed: phoneDeployment.transferTargets };
  } catch {
    return assistantId === undefined ? {} : { assistantId };
  }
}

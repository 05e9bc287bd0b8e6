import type { Assistant, PhoneDeploymentInput } from '@rapida/client';
import { ENDPOINT_TECHNOLOGIES } from '@rapida/core';
import { Command } from 'commander';
import { apiFor, type ClientOptions, findAssistantId, findCredentialId, withClientOptions } from './client-options.js';
import { changeDeployment, type DeploymentOptions, namesChange } from './deployment-change.js';

interface DeployOptions extends ClientOptions, DeploymentOptions {
  readonly credential?: string;
}

type DeployedAssistant = Pick<Assistant, 'id' | 'name' | 'phoneDeployment'>;

const HELP = `
Only what is named changes; an empty text ("") unsets. Without options it shows what is set.

An answered call goes through your dialplan (--context), or stays in this server's own application (--app), which needs
nothing in the dialplan.

Examples:
  $ rapida assistants deploy --credential my-pbx --phone +15550001111
  $ rapida assistants deploy "Front desk" --context from-rapida --extension s
  $ rapida assistants deploy "Front desk" --app rapida --media websocket --ring-seconds 25 --concurrent-calls 10
  $ rapida assistants deploy "Front desk" --transfer-target sales,100,1 --transfer-target support,200,1
  $ rapida assistants deploy "Front desk" --trunk ""                    the credential's trunk again`;

/** `rapida assistants deploy`: how an assistant telephones. */
export function deployCommand(print: (text: string) => void): Command {
  return withClientOptions(new Command('deploy'))
    .argument('[assistant]', 'id or name (default: the newest)')
    .description('set how an assistant is reached by telephone, and how it places calls')
    .option('--credential <id or name>', 'of the Asterisk that places its calls')
    .option('--phone <number>', 'caller id of calls that name none: a number, or Name <number>')
    .option('--context <name>', 'answered calls go to this context of the dialplan')
    .option('--extension <name>', 'in that context (default: s)')
    .option('--app <name>', 'answered calls stay in this Stasis application, which the server runs (default: rapida)')
    .option('--technology <name>', `how numbers are dialled: ${ENDPOINT_TECHNOLOGIES.join(', ')}`)
    .option('--trunk <name>', "instead of the credential's")
    .option('--media <transport>', 'of calls in the application: audiosocket or websocket')
    .option('--format <codec>', 'of calls in the application: slin, slin16, ulaw or alaw')
    .option('--ring-seconds <n>', 'how long the other side may ring')
    .option('--max-seconds <n>', 'how long a call may last')
    .option('--concurrent-calls <n>', 'calls at once, in and out')
    .option(
      '--transfer-target <context,exten,priority>',
      'where calls may be transferred to (repeatable; replaces the list)',
      (target: string, before: readonly string[] = []) => [...before, target],
    )
    .option('--enable', 'calls are taken and placed')
    .option('--disable', 'calls are neither taken nor placed')
    .addHelpText('after', HELP)
    .action(async (wanted: string | undefined, options: DeployOptions) => {
      const deployed = await deploy(wanted, options);
      print(options.json ? JSON.stringify(deployed.phoneDeployment) : described(deployed));
    });
}

async function deploy(wanted: string | undefined, options: DeployOptions): Promise<DeployedAssistant> {
  if (options.enable && options.disable) throw new Error('--enable or --disable, not both');
  if (options.app && options.context) throw new Error('--app or --context, not both: an answered call goes to one');
  const api = apiFor(options);
  const id = await findAssistantId(api, wanted);
  const { name, phoneDeployment } = await api.assistants.get(id);
  if (!namesChange(options, options.credential)) return { id, name, phoneDeployment };
  const credentialId = options.credential ? await findCredentialId(api, options.credential) : options.credential;
  const body = changeDeployment(phoneDeployment, options, credentialId);
  const saved = await api.assistants.savePhoneDeployment(id, body as PhoneDeploymentInput);
  return { id, name, phoneDeployment: saved };
}

function described({ id, name, phoneDeployment }: DeployedAssistant): string {
  const { enabled, credentialId, options, media, limits, transferTargets } = phoneDeployment;
  const endpoint = [options.endpoint_technology, options.trunk && `trunk ${options.trunk}`].filter(Boolean).join(', ');
  const lines: readonly (readonly [string, string])[] = [
    ['credential', credentialId ?? 'none: this assistant can place no calls'],
    ['phone', options.phone || "the endpoint's own"],
    ['dials with', endpoint || 'what the credential says'],
    [
      'answered',
      options.context
        ? `context ${options.context}, extension ${options.extension}`
        : `Stasis application ${options.app}, sound by ${media.transport} in ${media.format}`,
    ],
    ['rings', `${limits.ringMs / 1_000} s`],
    ['lasts', limits.callMs === undefined ? 'as long as the assistant says' : `at most ${limits.callMs / 1_000} s`],
    ['at once', limits.concurrentCalls === null ? 'without limit' : `${limits.concurrentCalls} calls`],
    ['transfers to', transferTargets.join('  ') || 'nowhere'],
  ];
  return [
    `${id}  ${name}  ${enabled ? 'enabled' : 'disabled'}`,
    ...lines.map(([what, value]) => `  ${what.padEnd(13)} ${value}`),
  ].join('\n');
}

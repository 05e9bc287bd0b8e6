import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { assistantsCommand } from './assistants-command.js';
import { callCommand } from './call/call-command.js';
import { callsCommand } from './calls-command.js';
import { credentialsCommand } from './credentials-command.js';
import { dialplanCommand } from './dialplan-command.js';
import { failureText } from './failure-text.js';
import { keysCommand } from './keys-command.js';
import { dataCommand } from './moving/data-command.js';
import { migrateCommand } from './moving/migrate-command.js';
import { nodesCommand } from './nodes-command.js';
import { passwordCommand } from './password-command.js';
import { systemTerminal } from './terminal.js';
import { transferCommand } from './transfer-command.js';
import { webhooksCommand } from './webhooks/webhooks-command.js';

const { print } = systemTerminal;

/** The `rapida` command. Ends the process with 1 and one line where something failed. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('rapida').description('Lets any Asterisk phone system talk with an AI').addHelpText(
    'after',
    `
Examples:
  $ rapida serve                                         start the server; settings come from the environment and .env
  $ rapida call --say "when are you open"                call the assistant as Asterisk would, and hear what it answers
  $ rapida dialplan --asterisk 20 --out ./asterisk       what to put into Asterisk: every release from 16 to 23, FreePBX
  $ rapida assistants export > front-desk.yaml           change it, then: rapida assistants apply -f front-desk.yaml
  $ rapida calls list                                    what was said, by whom, and how fast
  $ rapida calls show 7421 --follow                      a call as it happens
  $ rapida webhooks create https://crm.example.com/hook  what happens in calls, told to another program

Place a call:
  $ rapida credentials create my-pbx --ari-url http://127.0.0.1:8088 --ari-user rapida      asks for the ARI password
  $ rapida assistants deploy --credential my-pbx --phone +15550001111
  $ rapida calls create --to +15551234567 --follow

Commands talk to the server on this host and use its own key (DATA_DIR/admin-api-key); RAPIDA_URL and RAPIDA_API_KEY
name another one.`,
  );
  program
    .command('serve')
    .description('start the server: webhook, AudioSocket, WebSocket, REST, metrics')
    .addHelpText(
      'after',
      '\nSettings are environment variables, also read from ./.env; docs/reference/settings.md lists them all.',
    )
    // Loaded when it is wanted: the other commands start in a third of the time without the server.
    .action(async () => (await import('@rapida/server')).serve(print));
  program.addCommand(callCommand(print));
  program.addCommand(assistantsCommand(print));
  program.addCommand(callsCommand(systemTerminal));
  program.addCommand(transferCommand(print));
  program.addCommand(webhooksCommand(systemTerminal));
  program.addCommand(credentialsCommand(systemTerminal));
  program.addCommand(keysCommand(print));
  program.addCommand(passwordCommand(print));
  program.addCommand(nodesCommand(print));
  program.addCommand(dialplanCommand(print));
  program.addCommand(migrateCommand(systemTerminal));
  program.addCommand(dataCommand(systemTerminal));
  program
    .command('version')
    .description('print the version')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: true }) => print(json ? JSON.stringify({ version: version() }) : version()));
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    process.stderr.write(`rapida: ${failureText(error)}\n`);
    process.exit(1);
  }
}

function version(): string {
  const manifest = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

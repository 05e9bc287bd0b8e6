import { type FormEvent, useState } from 'react';
import { type DialplanWanted, useDialplan } from '../../data/dialplan.js';
import { Button } from '../../ui/button.js';
import { SelectField, TextField } from '../../ui/field.js';
import { Section } from '../../ui/page.js';
import { Failure } from '../../ui/states.js';
import { AsteriskFiles } from './asterisk-files.js';
import { OutboundSteps } from './outbound-steps.js';
import { WaitForCall } from './wait-for-call.js';

type Choices = Omit<DialplanWanted, 'assistantId'>;

/** Asks what the Asterisk is like, shows the files for it, and waits for its call. */
export function ConnectAsterisk({ assistantId }: { readonly assistantId: string }) {
  const [choices, setChoices] = useState<Choices>({
    ...{ asterisk: '22', transport: 'audiosocket', direction: 'inbound', layout: 'asterisk' },
  });
  const dialplan = useDialplan();
  const send = (event: FormEvent) => {
    event.preventDefault();
    dialplan.mutate({ ...choices, asterisk: choices.asterisk.trim(), assistantId });
  };
  const change = (change: Partial<Choices>) => {
    setChoices((old) => ({ ...old, ...change }));
    // Files for what was chosen before would be mistaken for those.
    dialplan.reset();
  };
  return (
    <Section title="3. Connect your Asterisk">
      <form onSubmit={send} className="mb-3 grid max-w-4xl items-start gap-3 sm:grid-cols-2 lg:grid-cols-5">
        <TextField
          label="Asterisk"
          required
          hint="16 to 23, or a release such as 22.10"
          value={choices.asterisk}
          onChange={({ target }) => change({ asterisk: target.value })}
        />
        <SelectField
          label="Sound by"
          value={choices.transport}
          onChange={({ target }) => change({ transport: target.value as Choices['transport'] })}
        >
          <option value="audiosocket">AudioSocket</option>
          <option value="websocket">WebSocket</option>
        </SelectField>
        <SelectField
          label="Calls"
          value={choices.direction}
          onChange={({ target }) => change({ direction: target.value as Choices['direction'] })}
        >
          <option value="inbound">come in</option>
          <option value="outbound">go out</option>
          <option value="both">both</option>
        </SelectField>
        <SelectField
          label="Files of"
          value={choices.layout}
          onChange={({ target }) => change({ layout: target.value as Choices['layout'] })}
        >
          <option value="asterisk">Asterisk itself</option>
          <option value="freepbx">FreePBX</option>
        </SelectField>
        <Button type="submit" look="primary" className="sm:mt-6" disabled={dialplan.isPending}>
          Show the files
        </Button>
      </form>
      {dialplan.error !== null && <Failure error={dialplan.error} />}
      {dialplan.data !== undefined && (
        <>
          <AsteriskFiles generated={dialplan.data} />
          {choices.direction !== 'inbound' && <OutboundSteps assistantId={assistantId} />}
          {choices.direction !== 'outbound' && <WaitForCall assistantId={assistantId} />}
        </>
      )}
    </Section>
  );
}

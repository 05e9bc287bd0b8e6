import type { NewCall } from '@rapida/client';
import { type FormEvent, useCallback, useState } from 'react';
import { useNavigate } from 'react-router';
import { usePlaceCall } from '../../data/calls.js';
import { entriesOf } from '../../schema/names-field.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { TextArea, TextField } from '../../ui/field.js';
import { Page, Section } from '../../ui/page.js';
import { Failure } from '../../ui/states.js';
import { AssistantChoice } from './assistant-choice.js';

export default function PlaceCallPage() {
  const [texts, setTexts] = useState({ assistantId: '', to: '', from: '', at: '', ring: '', args: '', metadata: '' });
  const place = usePlaceCall();
  const navigate = useNavigate();
  const of = (name: keyof typeof texts) => ({
    value: texts[name],
    onChange: ({ target }: { target: { value: string } }) => setTexts((old) => ({ ...old, [name]: target.value })),
  });
  const chooseAssistant = useCallback((assistantId: string) => setTexts((old) => ({ ...old, assistantId })), []);
  const send = (event: FormEvent) => {
    event.preventDefault();
    place.mutate(callFrom(texts), { onSuccess: ({ id }) => navigate(`/calls/${id}`) });
  };
  return (
    <Page title="Place a call" about="An assistant calls somebody, through the Asterisk of its phone deployment.">
      <Section title="The call">
        <form onSubmit={send} className="grid max-w-3xl gap-3 sm:grid-cols-2">
          <AssistantChoice value={texts.assistantId} onChoose={chooseAssistant} />
          <TextField label="To" type="tel" required placeholder="+15551234567" {...of('to')} />
          <TextField
            label="Caller id"
            hint="Empty: the one of the phone deployment"
            placeholder="+15550001111"
            {...of('from')}
          />
          <TextField label="Not before" type="datetime-local" hint="In your time; empty: now" {...of('at')} />
          <TextField
            label="Ring (s)"
            type="number"
            min={5}
            max={300}
            hint="Empty: as the phone deployment says"
            {...of('ring')}
          />
          <div className="col-span-full grid gap-3 sm:grid-cols-2">
            <TextArea
              label="Values"
              hint="For {{name}} in what it says; one a line, as in name = value"
              {...of('args')}
            />
            <TextArea label="Metadata" hint="Kept with the call; one a line, as in name = value" {...of('metadata')} />
          </div>
          {place.error !== null && (
            <div className="col-span-full">
              <Failure error={place.error} />
            </div>
          )}
          <div className="col-span-full flex gap-2">
            <Button type="submit" look="primary" disabled={place.isPending || texts.to.trim() === ''}>
              Call
            </Button>
            <ButtonLink to="/calls">Cancel</ButtonLink>
          </div>
        </form>
      </Section>
    </Page>
  );
}

interface Texts {
  readonly assistantId: string;
  readonly to: string;
  readonly from: string;
  readonly at: string;
  readonly ring: string;
  readonly args: string;
  readonly metadata: string;
}

function callFrom({ assistantId, to, from, at, ring, args, metadata }: Texts): NewCall {
  return {
    ...{ assistantId, to: to.trim(), args: entriesOf(args), metadata: entriesOf(metadata) },
    ...(from.trim() !== '' && { from: from.trim() }),
    ...(at !== '' && { notBefore: new Date(at) }),
    ...(ring !== '' && { ringSeconds: Number(ring) }),
  };
}

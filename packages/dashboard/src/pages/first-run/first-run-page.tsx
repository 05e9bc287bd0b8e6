import { useState } from 'react';
import { Link } from 'react-router';
import { useAssistants } from '../../data/assistants.js';
import { useMay } from '../../data/session.js';
import { ButtonLink } from '../../ui/button.js';
import { SelectField } from '../../ui/field.js';
import { Page, Section } from '../../ui/page.js';
import { Answer, Empty } from '../../ui/states.js';
import { TestCall } from '../test-call/test-call.js';
import { ConnectAsterisk } from './connect-asterisk.js';
import { filled } from './filled.js';

/** From nothing to a call that is held, in three steps. */
export default function FirstRunPage() {
  const assistants = useAssistants();
  const isAdmin = useMay('admin');
  const [chosen, setChosen] = useState<string>();
  return (
    <Page title="First steps" about="From here to a call that your telephone system hands over: ten minutes.">
      <Answer of={assistants} what="the assistants">
        {(data) => {
          // The ready one is the first that was made.
          const assistant = data.find(({ id }) => id === chosen) ?? data.at(-1);
          if (assistant === undefined) {
            return (
              <Empty title="There is no assistant yet.">
                <ButtonLink to="/assistants/new" look="primary">
                  New assistant
                </ButtonLink>
              </Empty>
            );
          }
          return (
            <>
              <Section title="1. Your assistant is ready">
                <div className="flex flex-wrap items-end gap-3">
                  <div className="w-full max-w-60">
                    <SelectField
                      label="Assistant"
                      value={assistant.id}
                      onChange={({ target }) => setChosen(target.value)}
                    >
                      {data.map(({ id, name }) => (
                        <option key={id} value={id}>
                          {name}
                        </option>
                      ))}
                    </SelectField>
                  </div>
                  <p className="max-w-prose">
                    It says: <q>{filled(assistant.greeting, assistant.variables)}</q>{' '}
                    <Link to={`/assistants/${assistant.id}`} className="text-accent underline">
                      Change what it says
                    </Link>
                  </p>
                </div>
              </Section>
              <TestCall key={assistant.id} assistantId={assistant.id} title="2. Call it from this browser" />
              {isAdmin && <ConnectAsterisk key={`asterisk-${assistant.id}`} assistantId={assistant.id} />}
            </>
          );
        }}
      </Answer>
    </Page>
  );
}

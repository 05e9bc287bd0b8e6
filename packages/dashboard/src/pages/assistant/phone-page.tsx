import { type Assistant, type PhoneDeploymentInput, RapidaApiError } from '@rapida/client';
import { useCallback, useMemo, useState } from 'react';
import { Link } from 'react-router';
import { useSaveDeployment } from '../../data/assistants.js';
import { useCredentials } from '../../data/credentials.js';
import { useDeploymentSchema } from '../../data/description.js';
import { useMay } from '../../data/session.js';
import { type JsonRecord, type JsonSchema, withValue } from '../../schema/json-schema.js';
import { problemsOf, problemsTold } from '../../schema/problems.js';
import { SchemaForm } from '../../schema/schema-form.js';
import { Button } from '../../ui/button.js';
import { useNotice } from '../../ui/notices.js';
import { Section } from '../../ui/page.js';
import { Answer, Failure } from '../../ui/states.js';
import { AssistantFrame } from './assistant-frame.js';

/** How the assistant is reached by telephone, and how it telephones. */
export default function PhonePage() {
  const schema = useDeploymentSchema();
  return (
    <AssistantFrame>
      {(assistant) => (
        <Answer of={schema} what="the form">
          {(known) => <DeploymentForm key={assistant.id} assistant={assistant} schema={known} />}
        </Answer>
      )}
    </AssistantFrame>
  );
}

interface DeploymentFormProps {
  readonly assistant: Assistant;
  readonly schema: JsonSchema;
}

function DeploymentForm({ assistant, schema }: DeploymentFormProps) {
  const [value, setValue] = useState<JsonRecord>({ ...assistant.phoneDeployment });
  const save = useSaveDeployment(assistant.id);
  const tell = useNotice();
  const isAdmin = useMay('admin');
  const { data: credentials = [] } = useCredentials(isAdmin);
  const { error } = save;
  const problems = useMemo(
    () => [...problemsOf(schema, value), ...(error instanceof RapidaApiError ? problemsTold(error.text) : [])],
    [schema, value, error],
  );
  const change = useCallback(
    (path: readonly string[], next: unknown) => setValue((old) => withValue(old, path, next) as JsonRecord),
    [],
  );
  const send = () =>
    save.mutate(value as PhoneDeploymentInput, { onSuccess: () => tell('The phone deployment was saved.') });
  return (
    <>
      <Section title="Phone deployment">
        <p className="mb-3 max-w-prose text-muted">
          Calls that come in need nothing here but &quot;Enabled&quot;. To place calls, choose a credential of your
          Asterisk.{' '}
          <Link to="/start" className="text-accent underline">
            Connect your Asterisk
          </Link>
        </p>
        <SchemaForm
          schema={schema}
          value={value}
          onChange={change}
          problems={problems}
          credentials={credentials.filter(({ provider }) => provider === 'asterisk')}
        />
      </Section>
      {error !== null && <Failure error={error} />}
      {isAdmin && (
        <div className="sticky bottom-0 z-10 mt-2 flex justify-end gap-2 rounded-t-lg border border-line bg-surface p-2 shadow-lg">
          <Button look="primary" disabled={save.isPending || problemsOf(schema, value).length > 0} onClick={send}>
            Save
          </Button>
        </div>
      )}
    </>
  );
}

import type { Assistant, PhoneDeploymentInput } from '@rapida/client';
import { useCallback, useMemo, useState } from 'react';
import { Link } from 'react-router';
import { useSaveDeployment } from '../../data/assistants.js';
import { useCredentials } from '../../data/credentials.js';
import { useDeploymentSchema } from '../../data/description.js';
import { useMay } from '../../data/session.js';
import { type JsonRecord, type JsonSchema, withValue } from '../../schema/json-schema.js';
import { problemsOf } from '../../schema/problems.js';
import { stillRefused } from '../../schema/refusal.js';
import { SchemaForm } from '../../schema/schema-form.js';
import { Button } from '../../ui/button.js';
import { useFocusOnWrong } from '../../ui/focus-wrong.js';
import { useNotice } from '../../ui/notices.js';
import { Section } from '../../ui/page.js';
import { Answer, Failure } from '../../ui/states.js';
import { AssistantFrame } from './assistant-frame.js';
import { UnsavedGuard } from './leave-question.js';

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
  const [begin, setBegin] = useState<JsonRecord>({ ...assistant.phoneDeployment });
  const [value, setValue] = useState(begin);
  const save = useSaveDeployment(assistant.id);
  const tell = useNotice();
  const isAdmin = useMay('admin');
  const { data: credentials = [] } = useCredentials(isAdmin);
  const { error, variables } = save;
  const form = useFocusOnWrong<HTMLDivElement>(error);
  const problems = useMemo(
    () => [...problemsOf(schema, value), ...stillRefused({ error, value: variables }, value)],
    [schema, value, error, variables],
  );
  const change = useCallback(
    (path: readonly string[], next: unknown) => setValue((old) => withValue(old, path, next) as JsonRecord),
    [],
  );
  const onSuccess = () => {
    setBegin(value);
    tell('The phone deployment was saved.');
  };
  const send = () => save.mutate(value as PhoneDeploymentInput, { onSuccess });
  return (
    <div ref={form}>
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
      <UnsavedGuard isDirty={JSON.stringify(value) !== JSON.stringify(begin)} />
    </div>
  );
}

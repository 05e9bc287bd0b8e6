import { RapidaApiError } from '@rapida/client';
import { useCallback, useMemo, useState } from 'react';
import { useBlocker } from 'react-router';
import { type SaveAs, useSaveAssistant } from '../../data/assistants.js';
import { useCredentials } from '../../data/credentials.js';
import { useMay } from '../../data/session.js';
import { type JsonRecord, type JsonSchema, withValue } from '../../schema/json-schema.js';
import { type Problem, problemsOf, problemsTold } from '../../schema/problems.js';
import { SchemaForm } from '../../schema/schema-form.js';
import { useNotice } from '../../ui/notices.js';
import { Failure } from '../../ui/states.js';
import { Tabs } from '../../ui/tabs.js';
import { diffConfigs } from './config-diff.js';
import { ConfigJson } from './config-json.js';
import { EditorBar } from './editor-bar.js';
import { type EditorPart, editorParts, problemsIn } from './editor-parts.js';
import { LeaveQuestion } from './leave-question.js';

interface AssistantEditorProps {
  readonly id: string;
  /** What is live, to compare with. */
  readonly live: JsonRecord;
  /** What editing begins with. */
  readonly begin: JsonRecord;
  readonly schema: JsonSchema;
}

/** A configuration being edited: nothing is said to the server before it is saved. */
export function AssistantEditor({ id, live, begin, schema }: AssistantEditorProps) {
  const [config, setConfig] = useState(begin);
  const [part, setPart] = useState('words');
  const { save, told, isSaving, error, saved } = useSaving(id);
  const isAdmin = useMay('admin');
  const problems = useMemo(() => [...problemsOf(schema, config), ...told], [schema, config, told]);
  const changes = useMemo(() => diffConfigs(live, config), [live, config]);
  const isDirty = JSON.stringify(config) !== JSON.stringify(saved ?? begin);
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => isDirty && currentLocation.pathname !== nextLocation.pathname,
  );
  const change = useCallback(
    (path: readonly string[], value: unknown) => setConfig((old) => withValue(old, path, value) as JsonRecord),
    [],
  );
  const parts = editorParts(Object.keys(schema.properties ?? {}));
  return (
    <>
      <Tabs
        label="Parts of the configuration"
        value={part}
        onChange={setPart}
        tabs={[
          ...parts.map((one) => ({
            name: one.name,
            label: labelOf(one, problems),
            content: <PartForm part={one} schema={schema} config={config} onChange={change} problems={problems} />,
          })),
          { name: 'json', label: 'JSON', content: <ConfigJson config={config} onChange={setConfig} /> },
        ]}
      />
      {error !== null && <Failure error={error} />}
      {isAdmin && (
        <EditorBar
          changes={changes}
          problems={problems}
          isSaving={isSaving}
          isDirty={isDirty}
          onSave={(as) => void save(config, as)}
          onDiscard={() => setConfig(begin)}
        />
      )}
      {blocker.state === 'blocked' && <LeaveQuestion onStay={blocker.reset} onLeave={blocker.proceed} />}
    </>
  );
}

function useSaving(id: string) {
  const saving = useSaveAssistant(id);
  const tell = useNotice();
  const [saved, setSaved] = useState<JsonRecord>();
  const { error } = saving;
  const told = useMemo(() => (error instanceof RapidaApiError ? problemsTold(error.text) : []), [error]);
  const save = async (config: JsonRecord, as: SaveAs) => {
    try {
      const version = await saving.mutateAsync({ config: config as { readonly name: string }, as });
      setSaved(config);
      tell(as === 'live' ? `Saved: version ${version} is live.` : `Saved as version ${version}; it is not live yet.`);
    } catch {
      // Shown where it was asked for.
    }
  };
  return { save, told, saved, isSaving: saving.isPending, error };
}

function labelOf(part: EditorPart, problems: readonly Problem[]): string {
  const { length } = problemsIn(part, problems);
  return length === 0 ? part.label : `${part.label} (${length})`;
}

interface PartFormProps {
  readonly part: EditorPart;
  readonly schema: JsonSchema;
  readonly config: JsonRecord;
  readonly onChange: (path: readonly string[], value: unknown) => void;
  readonly problems: readonly Problem[];
}

function PartForm({ part, schema, config, onChange, problems }: PartFormProps) {
  const { data: credentials = [] } = useCredentials(useMay('admin'));
  return (
    <div className="rounded-lg border border-line bg-surface p-3 sm:p-4">
      <SchemaForm
        schema={schema}
        value={config}
        onChange={onChange}
        problems={problems}
        credentials={credentials}
        fields={part.fields}
      />
    </div>
  );
}

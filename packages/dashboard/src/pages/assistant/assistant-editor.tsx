import { useCallback, useMemo, useState } from 'react';
import { type SaveAs, useSaveAssistant } from '../../data/assistants.js';
import { useCredentials } from '../../data/credentials.js';
import { useMay } from '../../data/session.js';
import { type JsonRecord, type JsonSchema, withValue } from '../../schema/json-schema.js';
import { type Problem, problemsOf } from '../../schema/problems.js';
import { type Refusal, stillRefused } from '../../schema/refusal.js';
import { SchemaForm } from '../../schema/schema-form.js';
import { useFocusOnWrong } from '../../ui/focus-wrong.js';
import { useNotice } from '../../ui/notices.js';
import { Failure } from '../../ui/states.js';
import { Tabs } from '../../ui/tabs.js';
import { diffConfigs } from './config-diff.js';
import { ConfigJson } from './config-json.js';
import { EditorBar } from './editor-bar.js';
import { type EditorPart, editorParts, problemsIn } from './editor-parts.js';
import { UnsavedGuard } from './leave-question.js';

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
  const { config, setConfig, base, isOvertaken } = useEdited(begin);
  const [part, setPart] = useState('words');
  const parts = editorParts(Object.keys(schema.properties ?? {}));
  const { save, refusal, isSaving, saved } = useSaving(id, (problem) => {
    const wrong = parts.find((one) => problemsIn(one, [problem]).length > 0);
    if (wrong !== undefined) setPart(wrong.name);
  });
  const error = refusal?.error ?? null;
  const form = useFocusOnWrong<HTMLDivElement>(error);
  const isAdmin = useMay('admin');
  const own = useMemo(() => problemsOf(schema, config), [schema, config]);
  const told = useMemo(() => stillRefused(refusal, config), [refusal, config]);
  const problems = useMemo(() => [...own, ...told], [own, told]);
  const changes = useMemo(() => diffConfigs(live, config), [live, config]);
  const isDirty = !isSame(config, saved ?? base);
  const isOwn = saved !== undefined && isSame(saved, begin);
  const change = useCallback(
    (path: readonly string[], value: unknown) => setConfig((old) => withValue(old, path, value) as JsonRecord),
    [setConfig],
  );
  return (
    <div ref={form}>
      {isOvertaken && isDirty && !isOwn && (
        <p role="status" className="mb-2 rounded-md bg-warn-soft px-3 py-2 text-warn">
          Somebody has published another version meanwhile. What you have changed is still here; the changes below are
          against what is live now.
        </p>
      )}
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
          isFit={own.length === 0}
          isSaving={isSaving}
          isDirty={isDirty}
          onSave={(as) => void save(config, as)}
          onDiscard={() => setConfig(saved ?? begin)}
        />
      )}
      <UnsavedGuard isDirty={isDirty} />
    </div>
  );
}

/** What is edited follows what is read anew, as long as nothing of it was changed: nothing that was typed is lost. */
function useEdited(begin: JsonRecord) {
  const [base, setBase] = useState(begin);
  const [config, setConfig] = useState(begin);
  const isOvertaken = !isSame(begin, base);
  if (isOvertaken && (isSame(config, base) || isSame(config, begin))) {
    setBase(begin);
    setConfig(begin);
  }
  return { config, setConfig, base, isOvertaken };
}

function isSame(one: JsonRecord, other: JsonRecord): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** `onWrong` is told the first field that the server refuses. */
function useSaving(id: string, onWrong: (problem: Problem) => void) {
  const saving = useSaveAssistant(id);
  const tell = useNotice();
  const [saved, setSaved] = useState<JsonRecord>();
  const [refusal, setRefusal] = useState<Refusal>();
  const save = async (config: JsonRecord, as: SaveAs) => {
    try {
      const version = await saving.mutateAsync({ config: config as { readonly name: string }, as });
      setSaved(config);
      setRefusal(undefined);
      tell(as === 'live' ? `Saved: version ${version} is live.` : `Saved as version ${version}; it is not live yet.`);
    } catch (error) {
      const refused = { error, value: config };
      setRefusal(refused);
      const [first] = stillRefused(refused, config);
      if (first !== undefined) onWrong(first);
    }
  };
  return { save, refusal, saved, isSaving: saving.isPending };
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

import { useSearchParams } from 'react-router';
import { configOf, useAssistantSchema, useVersion } from '../../data/assistants.js';
import type { JsonRecord, JsonSchema } from '../../schema/json-schema.js';
import { Answer } from '../../ui/states.js';
import { AssistantEditor } from './assistant-editor.js';
import { AssistantFrame } from './assistant-frame.js';

/** Edits what is live, or begins with an older version where the address names one. */
export default function AssistantPage() {
  const schema = useAssistantSchema();
  const [params] = useSearchParams();
  return (
    <AssistantFrame>
      {(assistant) => {
        const named = params.get('version');
        const wanted = Number(named ?? assistant.version);
        return (
          <Answer of={schema} what="the form">
            {(known) => (
              <VersionEditor
                // Not by what is live: somebody else may publish while one types.
                key={`${assistant.id}-${named ?? 'live'}`}
                id={assistant.id}
                version={wanted === assistant.version ? undefined : wanted}
                live={configOf(assistant) as JsonRecord}
                schema={known as JsonSchema}
              />
            )}
          </Answer>
        );
      }}
    </AssistantFrame>
  );
}

interface VersionEditorProps {
  readonly id: string;
  /** Undefined: the live one. */
  readonly version: number | undefined;
  readonly live: JsonRecord;
  readonly schema: JsonSchema;
}

function VersionEditor({ id, version, live, schema }: VersionEditorProps) {
  const older = useVersion(id, version);
  if (version === undefined) return <AssistantEditor id={id} live={live} begin={live} schema={schema} />;
  return (
    <Answer of={older} what={`version ${version}`}>
      {(assistant) => (
        <>
          <p className="mb-2 rounded-md bg-warn-soft px-3 py-2 text-warn">
            You are editing on from version {version}; what is live is another one.
          </p>
          <AssistantEditor id={id} live={live} begin={configOf(assistant) as JsonRecord} schema={schema} />
        </>
      )}
    </Answer>
  );
}

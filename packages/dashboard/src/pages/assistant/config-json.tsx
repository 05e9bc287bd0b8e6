import { useState } from 'react';
import { isRecord, type JsonRecord } from '../../schema/json-schema.js';
import { TextArea } from '../../ui/field.js';

interface ConfigJsonProps {
  readonly config: JsonRecord;
  readonly onChange: (config: JsonRecord) => void;
}

/** The whole configuration as text: the same that the forms edit. */
export function ConfigJson({ config, onChange }: ConfigJsonProps) {
  const [text, setText] = useState(() => JSON.stringify(config, null, 2));
  const read = parsed(text);
  return (
    <TextArea
      label="Configuration as JSON"
      error={read === undefined ? 'This is no JSON object: the forms keep what they had.' : undefined}
      rows={30}
      spellCheck={false}
      className="font-mono text-xs"
      value={text}
      onChange={({ target }) => {
        setText(target.value);
        const next = parsed(target.value);
        if (next !== undefined) onChange(next);
      }}
    />
  );
}

function parsed(text: string): JsonRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

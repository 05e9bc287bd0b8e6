import { useEffect } from 'react';
import { useAssistants } from '../../data/assistants.js';
import { SelectField } from '../../ui/field.js';

interface AssistantChoiceProps {
  readonly value: string;
  readonly onChoose: (id: string) => void;
}

/** Who speaks; begins with the newest one. */
export function AssistantChoice({ value, onChoose }: AssistantChoiceProps) {
  const { data: assistants = [] } = useAssistants();
  const newest = assistants[0]?.id;
  useEffect(() => {
    if (value === '' && newest !== undefined) onChoose(newest);
  }, [value, newest, onChoose]);
  return (
    <SelectField label="Assistant" required value={value} onChange={({ target }) => onChoose(target.value)}>
      {assistants.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}

import { useAssistants } from '../../data/assistants.js';
import { stateWords } from '../../format/call-words.js';
import { Button } from '../../ui/button.js';
import { SelectField, TextField } from '../../ui/field.js';
import { dayOf, FILTER_NAMES, type FilterName } from './history-filter.js';

const STATES = ['connected', 'completed', 'failed', 'no_answer', 'busy', 'rejected', 'cancelled', 'expired', 'queued'];

interface HistoryFiltersProps {
  readonly params: URLSearchParams;
  readonly onChange: (name: FilterName, value: string) => void;
  readonly onClear: () => void;
}

export function HistoryFilters({ params, onChange, onClear }: HistoryFiltersProps) {
  const { data: assistants = [] } = useAssistants();
  const of = (name: FilterName) => ({
    value: params.get(name) ?? '',
    onChange: ({ target }: { target: { value: string } }) => onChange(name, target.value),
  });
  const isFiltered = FILTER_NAMES.some((name) => params.has(name));
  return (
    <search className="mb-3 grid grid-cols-2 items-end gap-2 md:grid-cols-4 xl:grid-cols-8">
      <SelectField label="State" {...of('state')}>
        <option value="">Any</option>
        {STATES.map((state) => (
          <option key={state} value={state}>
            {stateWords(state).text}
          </option>
        ))}
      </SelectField>
      <SelectField label="Direction" {...of('direction')}>
        <option value="">Any</option>
        <option value="inbound">Came in</option>
        <option value="outbound">Placed</option>
      </SelectField>
      <SelectField label="Assistant" {...of('assistantId')}>
        <option value="">Any</option>
        {assistants.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </SelectField>
      <TextField label="Caller" placeholder="+15551230000" {...of('from')} />
      <TextField label="From day" type="date" {...of('since')} value={dayOf(params.get('since'))} />
      <TextField label="To day" type="date" {...of('until')} value={dayOf(params.get('until'))} />
      <TextField label="Words in it" type="search" placeholder="opening hours" {...of('text')} />
      <Button disabled={!isFiltered} onClick={onClear}>
        Clear
      </Button>
    </search>
  );
}

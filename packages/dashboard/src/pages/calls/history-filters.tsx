import type { FocusEvent, KeyboardEvent } from 'react';
import { useAssistants } from '../../data/assistants.js';
import { stateWords } from '../../format/call-words.js';
import { Button } from '../../ui/button.js';
import { CheckField, SelectField, TextField } from '../../ui/field.js';
import { FILTER_NAMES, type FilterName, fieldOf, SEARCH_NAMES } from './history-filter.js';
import { useDraft } from './use-draft.js';

const STATES = [
  ...['queued', 'dialing', 'ringing', 'answered', 'registered', 'connected'],
  ...['completed', 'failed', 'no_answer', 'busy', 'rejected', 'cancelled', 'expired'],
];

/** Those that are worth looking for; any other can be typed. */
const EVENTS = ['provider.failed', 'call.transferred', 'call.transfer_failed', 'tool.called', 'call.resumed'];

interface FilterFieldsProps {
  readonly params: URLSearchParams;
  readonly onChange: (name: FilterName, value: string) => void;
}

interface HistoryFiltersProps extends FilterFieldsProps {
  readonly onClear: () => void;
}

export function HistoryFilters({ params, onChange, onClear }: HistoryFiltersProps) {
  const isFiltered = FILTER_NAMES.some((name) => params.has(name));
  return (
    <search className="mb-3 flex flex-col gap-2">
      <div className="grid grid-cols-2 items-end gap-2 md:grid-cols-4">
        <CallFields params={params} onChange={onChange} />
      </div>
      <details open={SEARCH_NAMES.some((name) => params.has(name))}>
        <summary className="w-fit py-1 font-medium">Look into what was said and what happened</summary>
        <div className="grid grid-cols-2 items-end gap-2 md:grid-cols-4">
          <SearchFields params={params} onChange={onChange} />
        </div>
      </details>
      <div>
        <Button disabled={!isFiltered} onClick={onClear}>
          Clear
        </Button>
      </div>
    </search>
  );
}

function CallFields({ params, onChange }: FilterFieldsProps) {
  const { data: assistants = [] } = useAssistants();
  const of = (name: FilterName) => ({
    value: params.get(name) ?? '',
    onChange: ({ target }: { target: { value: string } }) => onChange(name, target.value),
  });
  return (
    <>
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
      <TypedField name="from" label="Caller" placeholder="+15551230000" params={params} onChange={onChange} />
      <TypedField name="to" label="Called" placeholder="+15551230000" params={params} onChange={onChange} />
      <MomentField name="since" label="Began from" params={params} onChange={onChange} />
      <MomentField name="until" label="Began before" params={params} onChange={onChange} />
      <FlagField name="live" label="Not ended yet" params={params} onChange={onChange} />
    </>
  );
}

function SearchFields({ params, onChange }: FilterFieldsProps) {
  return (
    <>
      <TypedField name="text" label="Words in it" placeholder="opening hours" params={params} onChange={onChange} />
      <TypedField name="event" label="Event" list="history-events" params={params} onChange={onChange} />
      <datalist id="history-events">
        {EVENTS.map((event) => (
          <option key={event} value={event} />
        ))}
      </datalist>
      <TypedField
        name="slowerThanMs"
        label="An answer took at least (ms)"
        inputMode="numeric"
        placeholder="1200"
        params={params}
        onChange={onChange}
      />
      <FlagField name="interrupted" label="Somebody was interrupted" params={params} onChange={onChange} />
    </>
  );
}

interface OneFieldProps extends FilterFieldsProps {
  readonly name: FilterName;
  readonly label: string;
}

interface TypedFieldProps extends OneFieldProps {
  readonly placeholder?: string;
  readonly inputMode?: 'numeric';
  /** Of what may be chosen. */
  readonly list?: string;
}

function TypedField({ name, params, onChange, ...field }: TypedFieldProps) {
  const draft = useDraft(params.get(name) ?? '', (value) => onChange(name, value));
  return (
    <TextField
      {...field}
      type="search"
      value={draft.value}
      onChange={({ target }) => draft.change(target.value)}
      onBlur={draft.take}
      onKeyDown={({ key }: KeyboardEvent) => key === 'Enter' && draft.take()}
    />
  );
}

/** Taken when it is left or complete: while a part of it is missing, its value is empty. */
function MomentField({ name, label, params, onChange }: OneFieldProps & { readonly name: 'since' | 'until' }) {
  const shown = fieldOf(name, params.get(name));
  return (
    <TextField
      key={shown}
      label={label}
      type="datetime-local"
      defaultValue={shown}
      onBlur={({ target }: FocusEvent<HTMLInputElement>) => {
        if (target.value !== shown) onChange(name, target.value === '' ? '' : new Date(target.value).toISOString());
      }}
      onKeyDown={({ key, currentTarget }: KeyboardEvent<HTMLInputElement>) => key === 'Enter' && currentTarget.blur()}
    />
  );
}

function FlagField({ name, label, params, onChange }: OneFieldProps) {
  return (
    <CheckField
      label={label}
      checked={params.get(name) === 'true'}
      onChange={({ target }) => onChange(name, target.checked ? 'true' : '')}
    />
  );
}

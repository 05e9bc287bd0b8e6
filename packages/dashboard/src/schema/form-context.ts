import { type ComponentType, createContext, useContext } from 'react';
import type { JsonSchema } from './json-schema.js';
import type { Problem } from './problems.js';

export interface CredentialChoice {
  readonly id: string;
  readonly name: string;
  readonly provider: string;
}

export interface SchemaFieldProps {
  readonly schema: JsonSchema;
  readonly value: unknown;
  readonly path: readonly string[];
  /** Instead of what the name of the field says. */
  readonly label?: string;
  /** The provider of what it is a field of. */
  readonly provider?: string | undefined;
}

export interface PlainFieldProps extends SchemaFieldProps {
  readonly label: string;
  /** What an empty control stands for. */
  readonly nothing: null | '' | undefined;
}

/** What all fields of one form share. */
export interface FormContents {
  readonly onChange: (path: readonly string[], value: unknown) => void;
  readonly problems: readonly Problem[];
  /** To choose from where a field names one. */
  readonly credentials: readonly CredentialChoice[];
  /** Names of fields that nobody may read over a shoulder. */
  readonly secrets: readonly string[];
  /** Shows any place of the value: groups and lists show what is in them by it. */
  readonly Field: ComponentType<SchemaFieldProps>;
}

export const FormContext = createContext<FormContents | undefined>(undefined);

export function useForm(): FormContents {
  const form = useContext(FormContext);
  if (form === undefined) throw new Error('outside of a form');
  return form;
}

/** What is wrong with one field; of what is within it, where that is shown as one field. */
export function useProblem(path: readonly string[], within: 'own' | 'all' = 'own'): string | undefined {
  const { problems } = useForm();
  const name = path.join('.');
  const found = problems.find((one) => one.path === name || (within === 'all' && one.path.startsWith(`${name}.`)));
  if (found === undefined) return undefined;
  return found.path === name ? found.text : `${placeWords(found.path.slice(name.length + 1))}: ${found.text}`;
}

/** Lists count from 1 for people. */
function placeWords(path: string): string {
  return /^\d+$/.test(path) ? `line ${Number(path) + 1}` : path;
}

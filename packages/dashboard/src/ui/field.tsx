import { type ComponentProps, type ReactNode, useId } from 'react';
import { classNames } from './class-names.js';

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  /** Gets what ties it to label, hint and error. */
  readonly children: (ties: FieldTies) => ReactNode;
}

export interface FieldTies {
  readonly id: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: true;
}

/** A label over a control, a hint and what is wrong under it, all tied together for whoever does not see them. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const described = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`]
    .filter(Boolean)
    .join(' ');
  const ties: FieldTies = {
    id,
    ...(described !== '' && { 'aria-describedby': described }),
    ...(error !== undefined && { 'aria-invalid': true as const }),
  };
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-0.5 block font-medium">
        {label}
      </label>
      {children(ties)}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="mt-0.5 text-xs text-muted">
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} className="mt-0.5 text-xs font-medium text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

type Told = Omit<FieldProps, 'children'>;

export function TextField({ label, hint, error, className, ...rest }: Told & ComponentProps<'input'>) {
  return (
    <Field {...told({ label, hint, error })}>
      {(ties) => <input {...ties} className={classNames('field-box min-h-8', className)} {...rest} />}
    </Field>
  );
}

export function TextArea({ label, hint, error, className, ...rest }: Told & ComponentProps<'textarea'>) {
  return (
    <Field {...told({ label, hint, error })}>
      {(ties) => <textarea {...ties} className={classNames('field-box', className)} {...rest} />}
    </Field>
  );
}

export function SelectField({ label, hint, error, className, ...rest }: Told & ComponentProps<'select'>) {
  return (
    <Field {...told({ label, hint, error })}>
      {(ties) => <select {...ties} className={classNames('field-box min-h-8', className)} {...rest} />}
    </Field>
  );
}

interface CheckFieldProps extends Omit<ComponentProps<'input'>, 'type'> {
  readonly label: string;
  readonly hint?: ReactNode;
}

export function CheckField({ label, hint, ...rest }: CheckFieldProps) {
  const id = useId();
  return (
    <div className="flex items-start gap-2 py-1">
      <input
        type="checkbox"
        id={id}
        className="mt-1 size-4 accent-(--accent)"
        {...(hint !== undefined && { 'aria-describedby': `${id}-hint` })}
        {...rest}
      />
      <div>
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {hint !== undefined && (
          <p id={`${id}-hint`} className="text-xs text-muted">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}

function told({ label, hint, error }: Told): Told {
  return { label, ...(hint !== undefined && { hint }), ...(error !== undefined && { error }) };
}
